import torch
from torch import Tensor


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    total = (values * mask[:, :, None]).sum(dim=1)
    count = mask.sum(dim=1, keepdim=True)
    return total / count.clamp(min=1)


lengths = torch.tensor([4, 2, 0])
mask = torch.arange(4) < lengths[:, None]  # (batch, time): True up to each length
values = torch.full((3, 4, 1), 5.0)
values[~mask] = 0  # a step beyond the end holds zeros
result = masked_mean(values, mask)
for length, plain, masked in zip(lengths, values.mean(dim=1), result, strict=True):
    print(f"{length} steps of 5.0   mean {plain.item():.1f}   masked mean {masked.item():.1f}")
assert result.flatten().tolist() == [5, 5, 0]
