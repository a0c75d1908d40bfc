import torch
from jaxtyping import Float
from torch import Tensor


def step(
    w: Float[Tensor, " weight"],
    v: Float[Tensor, " weight"],
    g: Float[Tensor, " weight"],
    *,
    learning_rate: float,
) -> tuple[Float[Tensor, " weight"], Float[Tensor, " weight"]]:
    """Return w and v after one step of the paper's rule, with 0.9 and 0.0005 as its constants."""
    v = 0.9 * v - 0.0005 * learning_rate * w - learning_rate * g
    return w + v, v


w, v = torch.tensor([1.0]), torch.tensor([0.0])
for rate in (0.1, 0.1, 0.001, 0.001):
    w, v = step(w, v, torch.ones(1), learning_rate=rate)
    print(f"learning rate {rate:5}: moved by {v.item():+.4f}")
assert v.abs() > 0.1  # the old velocity goes on after the rate has fallen
