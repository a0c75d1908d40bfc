"""Parity with `torch.nn.functional`, gradients, properties, and what is refused."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from dlbasic.losses.mse import huber, l1, mse, mse_gradient

LOSSES = {
    "mse": (mse, functional.mse_loss),
    "l1": (l1, functional.l1_loss),
    "huber": (huber, functional.huber_loss),
}
shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))
scales = st.sampled_from([1e-6, 1.0, 1e6])


def pair(shape, scale=1.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return scale * torch.randn(2, *shape, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("name", LOSSES)
@given(shape=shapes, scale=scales, seed=st.integers(0, 99))
def test_value_and_gradient_equal_torch(name, shape, scale, seed):
    ours, reference = LOSSES[name]
    predictions, targets = pair(shape, scale, seed)
    predictions.requires_grad_()
    value = ours(predictions, targets)
    expected = reference(predictions, targets) * shape[1]  # torch divides by the dimensions too
    torch.testing.assert_close(value, expected, rtol=1e-12, atol=0)
    (gradient,) = torch.autograd.grad(value, predictions)
    (expected_gradient,) = torch.autograd.grad(expected, predictions)
    torch.testing.assert_close(gradient, expected_gradient, rtol=1e-12, atol=0)


@pytest.mark.parametrize("delta", [0.1, 1.0, 7.0])
def test_huber_equals_torch_for_every_delta(delta):
    predictions, targets = pair((50, 3), scale=4.0)
    expected = functional.huber_loss(predictions, targets, delta=delta) * 3
    torch.testing.assert_close(
        huber(predictions, targets, delta=delta), expected, rtol=1e-12, atol=0
    )


@pytest.mark.parametrize("name", LOSSES)
def test_gradcheck(name):
    predictions, targets = pair((4, 3))
    assert torch.autograd.gradcheck(LOSSES[name][0], (predictions.requires_grad_(), targets))


@given(shape=shapes, scale=scales)
def test_the_written_gradient_is_the_gradient(shape, scale):
    predictions, targets = pair(shape, scale)
    predictions.requires_grad_()
    (expected,) = torch.autograd.grad(mse(predictions, targets), predictions)
    torch.testing.assert_close(mse_gradient(predictions, targets), expected, rtol=1e-12, atol=0)


@given(shape=shapes)
def test_a_repeated_dimension_doubles_and_a_repeated_example_does_not(shape):
    predictions, targets = pair(shape)
    once = mse(predictions, targets)
    wider = mse(predictions.repeat(1, 2), targets.repeat(1, 2))
    longer = mse(predictions.repeat(2, 1), targets.repeat(2, 1))
    torch.testing.assert_close(wider, 2 * once)
    torch.testing.assert_close(longer, once)


@pytest.mark.parametrize("function", [mse, mse_gradient, l1, huber])
class TestRefuses:
    def test_shapes_that_torch_would_broadcast(self, function, refuses):
        with refuses("targets must have the shape of predictions, (4, 1), got (4,)"):
            function(torch.zeros(4, 1), torch.zeros(4))

    def test_one_axis(self, function, refuses):
        with refuses("predictions must have the axes (example, dim), got the shape (4,)"):
            function(torch.zeros(4), torch.zeros(4))

    @pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
    def test_empty(self, function, refuses, shape):
        with refuses(f"predictions must not be empty, got the shape {shape}"):
            function(torch.zeros(shape), torch.zeros(shape))

    @pytest.mark.parametrize("bad", [float("nan"), float("inf")])
    def test_not_finite(self, function, refuses, bad):
        with refuses("targets must be finite, got 1 NaN or infinite values"):
            function(torch.zeros(2, 1), torch.tensor([[0.0], [bad]]))

    def test_integers(self, function, refuses):
        with refuses("predictions must be floating point, got torch.int64"):
            function(torch.zeros(2, 1, dtype=torch.int64), torch.zeros(2, 1))

    def test_lists(self, function, refuses):
        with refuses("targets and predictions must be tensors, got Tensor and list"):
            function([[1.0]], torch.zeros(1, 1))


@pytest.mark.parametrize("delta", [0.0, -1.0, float("nan")])
def test_huber_refuses_a_delta_that_is_not_positive(delta, refuses):
    with refuses(f"delta must be positive, got {delta}"):
        huber(torch.zeros(2, 1), torch.zeros(2, 1), delta=delta)
