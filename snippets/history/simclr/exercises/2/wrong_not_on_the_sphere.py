"""The vectors keep their lengths. Longer ones lie farther apart, which says nothing about their
directions, and the loss of SimCLR sees directions only. Divide each by its length.
"""

import torch


def alignment(z1, z2):
    return (z1 - z2).square().sum(dim=1).mean().item()


def uniformity(z):
    return (-2 * torch.pdist(z).square()).exp().mean().log().item()
