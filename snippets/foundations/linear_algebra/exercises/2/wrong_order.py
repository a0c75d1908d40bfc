"""The weights are multiplied in the order in which one reads. The layer that acts first stands next
to the input, which is on the right."""

from torch import Tensor, nn


def fold(first: nn.Linear, second: nn.Linear) -> tuple[Tensor, Tensor]:
    return first.weight @ second.weight, second.weight @ first.bias + second.bias
