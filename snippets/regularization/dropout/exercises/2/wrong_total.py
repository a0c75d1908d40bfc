"""This is the entropy of the mean alone. It is large for an example on which every subnetwork is
torn in the same way, although they agree. Take off the mean of their own entropies.
"""

import torch


def disagreement(probabilities):
    mean = probabilities.mean(dim=0)
    return -torch.xlogy(mean, mean).sum(dim=-1)
