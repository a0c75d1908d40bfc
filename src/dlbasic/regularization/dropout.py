"""Dropout: in training, each unit is left out half of the time; afterwards all work together.

Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: A Simple Way to
Prevent Neural Networks from Overfitting", Journal of Machine Learning Research 15, 2014;
Wager, Wang and Liang, "Dropout Training as Adaptive Regularization", NIPS 2013, for `penalty`;
Gal and Ghahramani, "Dropout as a Bayesian Approximation", ICML 2016, for `monte_carlo`.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dlbasic.checks import require_same_shape, require_tensor


# --8<-- [start:dropout]
def sample_mask(
    inputs: Float[Tensor, "..."], *, rate: float, generator: torch.Generator
) -> Float[Tensor, "..."]:
    """One for each value that is kept, with probability 1 - `rate`, and zero for the others.

    Raises:
        ValueError: If `rate` is not in [0, 1).
    """
    _require_rate(rate)
    return (torch.rand(inputs.shape, generator=generator) >= rate).to(inputs.dtype)


def dropout(
    inputs: Float[Tensor, "..."], mask: Float[Tensor, "..."], *, rate: float
) -> Float[Tensor, "..."]:
    """What the mask keeps, divided by 1 - `rate`, so that the mean over masks is the input.

    Raises:
        ValueError: If the shapes differ, a tensor is not finite, or `rate` is not in [0, 1).
    """
    _require_rate(rate)
    require_same_shape("mask", mask, "inputs", inputs)
    require_tensor("inputs", inputs.flatten(), "value")
    require_tensor("mask", mask.flatten(), "value")
    return mask * inputs / (1 - rate)


# --8<-- [end:dropout]


# --8<-- [start:layer]
class Dropout(nn.Module):
    """Dropout in training mode, nothing in evaluation mode.

    Args:
        rate: The probability that a value is left out.
        generator: Draws the masks. Layers may share it.

    Raises:
        ValueError: If `rate` is not in [0, 1).
    """

    def __init__(self, rate: float, *, generator: torch.Generator) -> None:
        _require_rate(rate)
        super().__init__()
        self.rate, self.generator = rate, generator

    def forward(self, inputs: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
        """The inputs, of which training mode leaves some out."""
        if not self.training:
            return inputs
        mask = sample_mask(inputs, rate=self.rate, generator=self.generator)
        return inputs * (mask / (1 - self.rate))


# --8<-- [end:layer]


# --8<-- [start:penalty]
def penalty(
    weights: Float[Tensor, " dim"], inputs: Float[Tensor, "example dim"], *, rate: float
) -> Float[Tensor, ""]:
    """By how much dropout on the inputs of a linear model raises its mean squared error.

    It is the mean over all masks, and a weight decay: each weight's square, times the mean square
    of its input.

    Source: Srivastava et al. 2014, section 9.1, for inverted dropout and a mean over examples.

    Raises:
        ValueError: If the shapes do not fit, a tensor is not finite, or `rate` is not in [0, 1).
    """
    _require_rate(rate)
    require_tensor("inputs", inputs, "example dim")
    require_tensor("weights", weights, "dim")
    require_same_shape("weights", weights, "an example of inputs", inputs[0])
    return rate / (1 - rate) * (weights**2 * (inputs**2).mean(dim=0)).sum()


# --8<-- [end:penalty]


# --8<-- [start:monte_carlo]
def monte_carlo(
    network: nn.Module, inputs: Float[Tensor, "example dim"], *, samples: int
) -> Float[Tensor, "sample example class"]:
    """Probabilities of `samples` random subnetworks: dropout stays on, other layers are at rest.

    The network's mode, and that of each of its layers, is as before.

    Raises:
        ValueError: If `samples` is not positive, or the network has no dropout to draw from.
    """
    layers = [layer for layer in network.modules() if isinstance(layer, Dropout)]
    if samples < 1:
        raise ValueError(f"samples must be positive, got {samples}")
    if not layers:
        raise ValueError("network must hold a Dropout layer, got none")
    modes = {layer: layer.training for layer in network.modules()}
    network.eval()
    for layer in layers:
        layer.training = True
    with torch.no_grad():
        drawn = torch.stack([network(inputs).softmax(dim=1) for _ in range(samples)])
    for layer, mode in modes.items():
        layer.training = mode
    return drawn


# --8<-- [end:monte_carlo]


def _require_rate(rate: float) -> None:
    if not 0 <= rate < 1:
        raise ValueError(f"rate must be in [0, 1), got {rate}")
