"""The digits are scikit-learn's, and a split deals out each example once."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import datasets

from dlbasic.data.digits import load_digits, split


def test_the_images_are_those_of_scikit_learn():
    images, digits = load_digits()
    rows, labels = datasets.load_digits(return_X_y=True)
    assert torch.equal(images.flatten(1) * 16, torch.tensor(rows).float())
    assert torch.equal(digits, torch.tensor(labels))


def test_shapes_range_and_types():
    images, digits = load_digits()
    assert images.shape == (1797, 8, 8)
    assert (images.min(), images.max()) == (0, 1)
    assert images.dtype == torch.float32
    assert digits.dtype == torch.int64


@given(train=st.integers(1, 20), validation=st.integers(1, 20), rest=st.integers(1, 20))
def test_each_example_is_in_one_set_with_its_target(train, validation, rest):
    inputs = torch.arange(train + validation + rest)
    parts = split(inputs, 10 * inputs, train=train, validation=validation)
    assert [len(part) for part, _ in parts] == [train, validation, rest]
    assert torch.equal(torch.cat([part for part, _ in parts]).sort().values, inputs)
    for part, targets in parts:
        assert torch.equal(targets, 10 * part)


def test_the_seed_decides():
    inputs = torch.arange(100)
    first, again, other = (
        split(inputs, inputs, train=50, validation=25, seed=seed).test[0] for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert not torch.equal(first, first.sort().values)


@pytest.mark.parametrize(("train", "validation"), [(0, 5), (5, 0), (5, 5), (11, 1), (-1, 5)])
def test_refuses_an_empty_set(train, validation, refuses):
    with refuses("train, validation and the rest must hold an example each, got"):
        split(torch.zeros(10), torch.zeros(10), train=train, validation=validation)


def test_refuses_targets_of_another_number(refuses):
    with refuses("targets must be as many as inputs, 10, got 9"):
        split(torch.zeros(10), torch.zeros(9), train=5, validation=2)
