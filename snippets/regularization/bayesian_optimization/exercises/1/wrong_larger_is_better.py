"""This is the probability of a value above the best one. A loss improves by falling below it:
standardize `best - mean`, not `mean - best`.
"""

import torch


def probability_of_improvement(mean, std, *, best):
    return torch.special.ndtr((mean - best) / std)
