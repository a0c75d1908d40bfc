"""Only the first view of each picture asks for its partner; the second one never asks. Equation 1
is not symmetric, and Algorithm 1 averages over both.
"""

import torch
from torch.nn.functional import cross_entropy, normalize


def nt_xent(z, *, temperature):
    unit = normalize(z, dim=1)
    logits = (unit @ unit.T / temperature).fill_diagonal_(-torch.inf)
    return cross_entropy(logits[::2], torch.arange(1, len(z), 2))
