import torch

from dlbasic.losses.mse import mse, mse_gradient

predictions = torch.tensor([[0.5], [2.0], [-20.0]], dtype=torch.float64, requires_grad=True)
targets = torch.zeros(3, 1, dtype=torch.float64)

(by_autograd,) = torch.autograd.grad(mse(predictions, targets), predictions)
by_hand = mse_gradient(predictions.detach(), targets)

print("residual   by autograd   2 (prediction - target) / N")
for residual, automatic, written in zip(predictions, by_autograd, by_hand, strict=True):
    print(f"{residual.item():8.1f} {automatic.item():13.4f} {written.item():13.4f}")

assert torch.equal(by_autograd, by_hand)
assert by_hand.abs().argmax() == 2  # the farthest example pulls hardest
