import torch
from sklearn.datasets import load_sample_image
from torch import Tensor


def smallest_rank(matrix: Tensor, share: float) -> int:
    kept = torch.linalg.svdvals(matrix).square().cumsum(dim=0)
    return int((kept < share * kept[-1]).sum()) + 1


for name in ("china.jpg", "flower.jpg"):
    photograph = torch.tensor(load_sample_image(name)).double().mean(dim=2) / 255
    ranks = {share: smallest_rank(photograph, share) for share in (0.9, 0.99, 0.999)}
    print(f"{name:10}", *(f"  {share:.1%}: rank {rank:3}" for share, rank in ranks.items()))
    assert ranks[0.9] < 10 < ranks[0.99] < min(photograph.shape) / 4
