"""This is the index of the last singular value that is needed. Indices start at 0, and a rank
counts how many are kept."""

import torch
from torch import Tensor


def smallest_rank(matrix: Tensor, share: float) -> int:
    kept = torch.linalg.svdvals(matrix).square().cumsum(dim=0)
    return int((kept < share * kept[-1]).sum())
