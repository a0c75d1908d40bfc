"""1,797 real handwritten digits, 8×8 pixels each, and a three-way split.

Source: Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
Repository, 1998; its test set, as shipped with scikit-learn.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int, Shaped
from sklearn import datasets
from torch import Tensor


class Split(NamedTuple):
    """Inputs and targets of three sets that share no example."""

    train: tuple[Tensor, Tensor]
    validation: tuple[Tensor, Tensor]
    test: tuple[Tensor, Tensor]


# --8<-- [start:load_digits]
def load_digits() -> tuple[Float[Tensor, "example height width"], Int[Tensor, " example"]]:
    """Every image, its pixels in [0, 1] with ink at 1, and the digit that it shows."""
    pixels, digits = datasets.load_digits(return_X_y=True)  # pixels from 0 to 16, one row per image
    images = torch.tensor(pixels, dtype=torch.float32) / 16
    return images.view(-1, 8, 8), torch.tensor(digits)


# --8<-- [end:load_digits]


# --8<-- [start:split]
def split(
    inputs: Shaped[Tensor, "example ..."],
    targets: Shaped[Tensor, "example ..."],
    *,
    train: int,
    validation: int,
    seed: int = 0,
) -> Split:
    """Shuffle the examples and deal out each one once; the rest is the test set.

    Of the digits, 13 people wrote all; their hands are in every set.

    Args:
        inputs: One entry per example.
        targets: Likewise.
        train: How many examples to train on.
        validation: How many examples to choose with.
        seed: Of the shuffle.

    Raises:
        ValueError: If the two lengths differ, or one of the three sets would be empty.
    """
    if len(inputs) != len(targets):
        raise ValueError(f"targets must be as many as inputs, {len(inputs)}, got {len(targets)}")
    rest = len(inputs) - train - validation
    if min(train, validation, rest) < 1:
        sizes = f"{train}, {validation} and {rest} of {len(inputs)}"
        raise ValueError(f"train, validation and the rest must hold an example each, got {sizes}")
    order = torch.randperm(len(inputs), generator=torch.Generator().manual_seed(seed))
    parts = order.split([train, validation, rest])
    return Split(*((inputs[part], targets[part]) for part in parts))


# --8<-- [end:split]
