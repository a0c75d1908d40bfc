import torch
from jaxtyping import Float
from torch import Tensor


def dropout(
    inputs: Float[Tensor, "..."], uniform: Float[Tensor, "..."], *, rate: float, training: bool
) -> Float[Tensor, "..."]:
    """Inverted dropout: a value is left out where its number in `uniform` is below `rate`."""
    if not training:
        return inputs
    return inputs * (uniform >= rate) / (1 - rate)


uniform = torch.rand(10_000, 2, generator=torch.Generator().manual_seed(0))
units = torch.tensor([1.0, -3.0]).expand(10_000, 2)
for rate in (0.0, 0.25, 0.8):
    noisy = dropout(units, uniform, rate=rate, training=True)
    left_out = (noisy == 0).double().mean()
    print(f"rate {rate:4}: left out {left_out:.2f}, means {noisy[:, 0].mean():5.2f}", end="")
    print(f" and {noisy[:, 1].mean():5.2f}")
    assert (noisy.mean(dim=0) - units[0]).abs().max() < 0.2
