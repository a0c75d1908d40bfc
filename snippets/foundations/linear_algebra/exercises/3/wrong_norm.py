"""This compares the norm of the approximation with the norm of the matrix. A share of 0.9 of the
norm is only 0.81 of the squared norm."""

import torch
from torch import Tensor


def smallest_rank(matrix: Tensor, share: float) -> int:
    kept = torch.linalg.svdvals(matrix).square().cumsum(dim=0).sqrt()
    return int((kept < share * kept[-1]).sum()) + 1
