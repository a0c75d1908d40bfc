import torch
from jaxtyping import Float
from torch import Tensor


def smooth(values: Float[Tensor, " step"], *, beta: float) -> Float[Tensor, " step"]:
    """Running average of a curve after each of its values, corrected as Adam corrects m."""
    average = torch.zeros(())
    corrected = []
    for t, value in enumerate(values, start=1):
        average = beta * average + (1 - beta) * value
        corrected.append(average / (1 - beta**t))
    return torch.stack(corrected)


losses = torch.tensor([2.4, 2.1, 2.5, 1.9, 2.2, 1.7, 2.0, 1.6, 1.8, 1.4])
curve = smooth(losses, beta=0.9)
steps = torch.arange(1, 11)
uncorrected = curve * (1 - 0.9**steps)
print("step   loss   uncorrected   corrected")
for t in (1, 2, 3, 5, 10):
    print(f"{t:4} {losses[t - 1]:6.1f} {uncorrected[t - 1]:13.2f} {curve[t - 1]:11.2f}")
assert (uncorrected.diff() > 0).sum() > 5  # the loss seems to rise
assert curve[-1] < curve[0]
