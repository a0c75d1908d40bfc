"""The penalty bends the loss more than this. Differentiate decay times the squared weight twice:
what is left of the square?"""

import torch
from torch import Tensor


def largest_rate(features: Tensor, decay: float) -> float:
    steepest = torch.linalg.svdvals(features)[0].square()
    return 2 / (2 / len(features) * steepest + decay).item()
