import torch
from jaxtyping import Float
from torch import Tensor


def step(
    weights: Float[Tensor, "..."],
    update: Float[Tensor, "..."],
    *,
    learning_rate: float,
    decay: float,
    is_bias: bool,
) -> Float[Tensor, "..."]:
    """Return the weights after one step with decoupled decay; biases do not decay."""
    strength = 0.0 if is_bias else decay
    return weights - learning_rate * (update + strength * weights)


nothing, start = torch.zeros(1), torch.ones(1)
weight = bias = start
for _ in range(100):
    weight = step(weight, nothing, learning_rate=0.1, decay=0.1, is_bias=False)
    bias = step(bias, nothing, learning_rate=0.1, decay=0.1, is_bias=True)
print(f"after 100 steps without a gradient: weight {weight.item():.3f}, bias {bias.item():.3f}")
assert weight < 0.4
assert bias == 1
