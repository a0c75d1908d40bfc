"""The two sides are swapped. A prediction that is too low has a positive residual
`targets - predictions`, and that is the side that costs `quantile`.
"""

import torch


def quantile_loss(predictions, targets, *, quantile):
    residuals = predictions - targets
    costs = torch.maximum(quantile * residuals, (quantile - 1) * residuals)
    return costs.sum(dim=1).mean()
