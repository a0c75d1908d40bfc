"""This weight is transposed. A linear layer multiplies rows by the transposed weight and stores the
weight itself, of shape (outputs, inputs)."""

from torch import Tensor, nn


def fold(first: nn.Linear, second: nn.Linear) -> tuple[Tensor, Tensor]:
    return first.weight.T @ second.weight.T, second.weight @ first.bias + second.bias
