import torch
from torch import Tensor

from dlbasic.data.digits import load_digits


def standardize(images: Tensor) -> Tensor:
    centred = images - images.mean(dim=0)
    deviation = images.std(dim=0)
    return centred / torch.where(deviation > 0, deviation, 1)


images, _ = load_digits()
deviation = standardize(images).std(dim=0)
print(f"pixels of deviation 1   {int((deviation - 1).abs().lt(1e-4).sum())}")
print(f"pixels of deviation 0   {int((deviation == 0).sum())}")
assert torch.equal(deviation == 0, (images == images[0]).all(dim=0))
assert standardize(images).isfinite().all()
