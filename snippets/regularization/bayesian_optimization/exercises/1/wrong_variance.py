"""The distance was divided by the variance. A distance is measured in standard deviations."""

import torch


def probability_of_improvement(mean, std, *, best):
    return torch.special.ndtr((best - mean) / std**2)
