import torch
from torch.nn.functional import cross_entropy as by_class

from dlbasic.losses.cross_entropy import cross_entropy
from dlbasic.regularization.mixup import mix

generator = torch.Generator().manual_seed(0)
logits = torch.randn(4, 3, generator=generator, dtype=torch.float64)
first, second = torch.tensor([0, 1, 2, 0]), torch.tensor([1, 1, 0, 2])
weights = torch.tensor([0.9, 0.5, 0.3, 0.0], dtype=torch.float64)
one_hot = torch.eye(3, dtype=torch.float64)

soft = mix(one_hot[first], one_hot[second], weights)
of_mixed_targets = cross_entropy(logits, soft)
each = [by_class(logits, labels, reduction="none") for labels in (first, second)]
mixed_loss = (weights * each[0] + (1 - weights) * each[1]).mean()
lowest = -(soft * soft.clamp_min(1e-300).log()).sum(dim=1).mean()
print(f"loss of the mixed targets  {of_mixed_targets:.6f}")
print(f"mixed loss                 {mixed_loss:.6f}")
print(f"lowest that any logits can reach  {lowest:.6f}")
assert abs(of_mixed_targets - mixed_loss) < 1e-12
assert lowest > 0.2

outputs = torch.randn(4, 3, generator=generator, dtype=torch.float64, requires_grad=True)
lam = weights[:, None]
squared = (outputs - soft).square().sum()
parts = [(outputs - one_hot[labels]).square() for labels in (first, second)]
mixed = (lam * parts[0] + (1 - lam) * parts[1]).sum()
gradients = [torch.autograd.grad(loss, outputs)[0] for loss in (squared, mixed)]
print(f"squared error of the mixed targets  {squared:.3f}, mixed {mixed:.3f}, one gradient")
assert mixed - squared > 0.5
assert (gradients[0] - gradients[1]).abs().max() < 1e-12
