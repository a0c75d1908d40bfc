import torch

from dlbasic.losses.mse import mse

predictions = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])  # 2 examples, 3 dimensions
targets = torch.tensor([[1.0, 2.0, 5.0], [4.0, 2.0, 6.0]])

total = 0.0
for prediction, target in zip(predictions, targets, strict=True):  # over the examples
    for y_hat, y in zip(prediction, target, strict=True):  # over the dimensions
        total += (y - y_hat) ** 2
by_hand = total / len(predictions)

ours = mse(predictions, targets)
library = torch.nn.MSELoss()(predictions, targets)
print(f"the equation, as two loops  {by_hand:.3f}")
print(f"dlbasic.losses.mse          {ours:.3f}")
print(f"torch.nn.MSELoss            {library:.3f}   which is {ours:.3f} / 3")

num_dimensions = predictions.shape[1]
assert ours == by_hand
assert torch.isclose(library * num_dimensions, ours)
