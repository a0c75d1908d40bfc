import torch

from dlbasic.losses.mse import mse

targets = torch.tensor([1.0, 2.0, 3.0, 4.0])  # shape (4,)
predictions = targets[:, None]  # the same numbers, shape (4, 1): a perfect prediction

difference = predictions - targets  # torch makes (4, 4) of (4, 1) and (4,)
print(f"shape of the difference {tuple(difference.shape)}")
print(f"its mean square         {difference.square().mean():.2f}, though nothing is wrong")

try:
    mse(predictions, targets)
except ValueError as error:
    print(f"dlbasic.losses.mse      {error}")
else:
    raise AssertionError("the two shapes must be refused")

assert difference.shape == (4, 4)
assert mse(predictions, targets[:, None]) == 0
