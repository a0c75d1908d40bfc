import torch

from dlbasic.losses.cross_entropy import cross_entropy, cross_entropy_gradient, softmax

logits = torch.tensor([[2.0, 1.0, 0.0]], dtype=torch.float64, requires_grad=True)
targets = torch.tensor([[0.0, 1.0, 0.0]], dtype=torch.float64)  # the middle class is right

(by_autograd,) = torch.autograd.grad(cross_entropy(logits, targets), logits)
by_hand = cross_entropy_gradient(logits.detach(), targets)

print("logit   softmax   target   by autograd   (softmax - target) / N")
columns = logits[0], softmax(logits)[0], targets[0], by_autograd[0], by_hand[0]
for logit, probability, target, automatic, written in zip(*columns, strict=True):
    print(f"{logit:5.1f} {probability:9.3f} {target:8.0f} {automatic:13.3f} {written:13.3f}")

assert torch.allclose(by_autograd, by_hand, rtol=1e-12, atol=0)
assert by_hand[0, 1] < 0 < by_hand[0, 2] < by_hand[0, 0]  # one pulled up, the others pushed down
assert by_hand.sum().abs() < 1e-15
