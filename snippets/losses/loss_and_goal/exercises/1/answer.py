import torch
from jaxtyping import Float
from torch import Tensor


def report(
    validation: Float[Tensor, " model"],
    test: Float[Tensor, " model"],
) -> tuple[int, float]:
    """Which model to hand over, and the accuracy on new examples to promise for it."""
    chosen = int(validation.argmax())
    return chosen, test[chosen].item()


generator = torch.Generator().manual_seed(0)
shape = (2, 1000, 50)  # two sets of 100 examples, 1,000 repetitions, 50 equally good models
right = torch.binomial(torch.full(shape, 100.0), torch.full(shape, 0.8), generator=generator)
validation, test = right / 100

promised = [report(*scores)[1] for scores in zip(validation, test, strict=True)]
means = {
    "what each model is worth": 0.8,
    "chosen on validation, measured on test": sum(promised) / len(promised),
    "best validation accuracy": validation.amax(dim=1).mean().item(),
    "best test accuracy": test.amax(dim=1).mean().item(),
}
for name, mean in means.items():
    print(f"{name:40} {mean:.3f}")
_, honest, on_validation, on_test = means.values()
assert abs(honest - 0.8) < 0.01
assert min(on_validation, on_test) > 0.85
