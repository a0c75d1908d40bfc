"""The partner of a view is sought half a batch away, as if all first views stood before all second
ones. Here the two views of a picture stand next to each other. The loss would pull strangers
together, and no shape would tell.
"""

import torch
from torch.nn.functional import cross_entropy, normalize


def nt_xent(z, *, temperature):
    unit = normalize(z, dim=1)
    logits = (unit @ unit.T / temperature).fill_diagonal_(-torch.inf)
    return cross_entropy(logits, torch.arange(len(z)).roll(len(z) // 2))
