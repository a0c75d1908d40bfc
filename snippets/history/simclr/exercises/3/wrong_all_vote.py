"""Everything known votes, not the k nearest alone. Many that are far away then outvote the few that
are near. Take the k largest cosines first.
"""

from torch.nn.functional import normalize, one_hot


def votes(known, labels, asked, *, k, num_classes, temperature=0.1):
    weights = (normalize(asked) @ normalize(known).T / temperature).exp()
    return weights @ one_hot(labels, num_classes).to(weights.dtype)
