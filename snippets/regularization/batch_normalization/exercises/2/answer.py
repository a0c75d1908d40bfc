import torch
from jaxtyping import Float
from torch import Tensor


def layer_norm(
    x: Float[Tensor, "batch feature"],
    gamma: Float[Tensor, " feature"],
    beta: Float[Tensor, " feature"],
    *,
    epsilon: float = 1e-5,
) -> Float[Tensor, "batch feature"]:
    """Each example, shifted and scaled over its features to the mean 0 and the variance 1.

    Then feature by feature times `gamma` plus `beta`. Epsilon is added to the variance.
    """
    mu = x.mean(dim=1, keepdim=True)
    variance = (x - mu).square().mean(dim=1, keepdim=True)
    return gamma * (x - mu) / (variance + epsilon).sqrt() + beta


x = torch.tensor([[1.0, 2.0, 3.0, 6.0], [10.0, 20.0, 30.0, 60.0]])
y = layer_norm(x, torch.ones(4), torch.zeros(4))
alone = layer_norm(x[:1], torch.ones(4), torch.zeros(4))
print("\n".join(" ".join(f"{value:5.2f}" for value in row) for row in y.tolist()))
assert (y[0] - y[1]).abs().max() < 1e-4  # ten times as large: the same
assert torch.equal(alone, y[:1])  # and the batch does not matter
