"""Parity with torch in value, gradient and running statistics; what a batch does; refusals."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from dlbasic.regularization.batch_normalization import (
    BatchNorm,
    normalize,
    normalize_backward,
)

SHAPES = [(2, 1), (7, 3), (64, 5), (5, 3, 4, 2), (1, 3, 4, 4), (2, 2, 1, 1)]


def assert_equal(ours, theirs):
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)


def randn(*shape, seed=0, scale=1.0, shift=0.0):
    generator = torch.Generator().manual_seed(seed)
    return shift + scale * torch.randn(shape, generator=generator, dtype=torch.float64)


def both(num_channels, *, axes, momentum=0.1, epsilon=1e-5):
    """Ours and torch's, with the same gamma and beta."""
    ours = BatchNorm(num_channels, momentum=momentum, epsilon=epsilon).double()
    kind = {2: nn.BatchNorm1d, 4: nn.BatchNorm2d}[axes]
    theirs = kind(num_channels, momentum=momentum, eps=epsilon).double()
    with torch.no_grad():
        for mine, other, seed in ((ours.gamma, theirs.weight, 8), (ours.beta, theirs.bias, 9)):
            mine.copy_(randn(num_channels, seed=seed))
            other.copy_(mine)
    return ours, theirs


def value_and_gradients(layer, x, weights, parameters):
    leaf = x.clone().requires_grad_()
    y = layer(leaf)
    return y.detach(), *torch.autograd.grad((y * weights).sum(), [leaf, *parameters])


class TestParity:
    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize("training", [True, False])
    @pytest.mark.parametrize("setting", [{}, {"momentum": 0.7, "epsilon": 0.3}])
    def test_equals_torch_over_several_batches(self, shape, training, setting):
        ours, theirs = both(shape[1], axes=len(shape), **setting)
        for seed in range(3):
            x, weights = randn(*shape, seed=seed, scale=3, shift=5), randn(*shape, seed=seed + 50)
            for layer in (ours, theirs):
                layer.train(training or seed < 2)  # two batches first, so that there is memory
            mine = value_and_gradients(ours, x, weights, [ours.gamma, ours.beta])
            other = value_and_gradients(theirs, x, weights, [theirs.weight, theirs.bias])
            for a, b in zip(mine, other, strict=True):
                assert_equal(a, b)
            assert_equal(ours.running_mean, theirs.running_mean)
            assert_equal(ours.running_variance, theirs.running_var)

    @given(
        batch=st.integers(2, 9),
        channels=st.integers(1, 4),
        place=st.sampled_from([(), (1, 1), (3, 2)]),
        scale=st.sampled_from([1e-3, 1.0, 1e3]),
        seed=st.integers(0, 99),
    )
    def test_the_backward_pass_is_autograds(self, batch, channels, place, scale, seed):
        x = randn(batch, channels, *place, seed=seed, scale=scale).requires_grad_()
        gamma, beta = (randn(channels, seed=seed + k).requires_grad_() for k in (1, 2))
        dy = randn(batch, channels, *place, seed=seed + 3)
        expected = torch.autograd.grad((normalize(x, gamma, beta) * dy).sum(), [x, gamma, beta])
        for mine, other in zip(normalize_backward(dy, x, gamma), expected, strict=True):
            torch.testing.assert_close(mine, other, rtol=1e-10, atol=1e-10 * max(1, 1 / scale))

    def test_the_layer_runs_our_backward_pass(self):
        layer, x = BatchNorm(2).double(), randn(5, 2).requires_grad_()
        assert "_Normalize" in layer(x).grad_fn.name()

    @pytest.mark.parametrize("shape", [(5, 2), (2, 2, 2, 1)])
    def test_gradcheck_of_first_and_second_derivatives(self, shape):
        layer = BatchNorm(2).double()
        x = randn(*shape).requires_grad_()
        assert torch.autograd.gradcheck(layer, x)
        assert torch.autograd.gradgradcheck(layer, x)


class TestWhatItDoes:
    @pytest.mark.parametrize("shape", [(50, 3), (4, 3, 5, 2)])
    def test_each_channel_gets_its_mean_and_deviation(self, shape):
        gamma, beta = (
            torch.tensor([1.0, 2.0, 0.5]).double(),
            torch.tensor([0.0, -3.0, 7.0]).double(),
        )
        y = normalize(randn(*shape, scale=40, shift=9), gamma, beta, epsilon=1e-12)
        places = [0, *range(2, y.ndim)]
        assert_equal(y.mean(dim=places), beta)
        assert_equal(y.std(dim=places, correction=0), gamma)

    @given(scale=st.floats(1e-2, 1e4), shift=st.floats(-1e3, 1e3))
    def test_neither_scale_nor_shift_of_a_channel_matters(self, scale, shift):
        x, one, nil = randn(9, 2), torch.ones(2).double(), torch.zeros(2).double()
        plain = normalize(x, one, nil, epsilon=1e-14)
        moved = normalize(scale * x + shift, one, nil, epsilon=1e-14)
        torch.testing.assert_close(moved, plain, rtol=1e-6, atol=1e-6)

    def test_the_gradient_is_orthogonal_to_the_weights_before_it(self):
        x, weight, dy = randn(20, 4), randn(3, 4, seed=1).requires_grad_(), randn(20, 3, seed=2)
        layer = BatchNorm(3, epsilon=1e-14).double()
        (gradient,) = torch.autograd.grad((layer(x @ weight.T) * dy).sum(), weight)
        assert gradient.norm() > 0.1
        assert (gradient * weight).sum(dim=1).abs().max() < 1e-10
        (halved,) = torch.autograd.grad((layer(x @ (2 * weight).T) * dy).sum(), weight)
        torch.testing.assert_close(halved, gradient, rtol=1e-9, atol=1e-10)  # 2 × half as steep

    def test_an_output_depends_on_its_batch_in_training_only(self):
        layer, x, other = BatchNorm(2).double(), randn(6, 2), randn(6, 2, seed=1)
        other[0] = x[0]
        assert not torch.allclose(layer(x)[0], layer(other)[0])
        layer.eval()
        torch.testing.assert_close(layer(x)[0], layer(other)[0], rtol=0, atol=0)
        torch.testing.assert_close(layer(x[:1])[0], layer(x)[0], rtol=0, atol=0)

    def test_evaluation_leaves_the_memory_and_training_moves_it(self):
        layer = BatchNorm(2).double().eval()
        layer(randn(6, 2))
        assert (layer.running_mean == 0).all()
        layer.train()(randn(6, 2, shift=4))
        assert (layer.running_mean > 0.2).all()

    def test_the_memory_ends_at_the_mean_and_the_unbiased_variance(self):
        layer = BatchNorm(1, momentum=0.01).double()
        for seed in range(2000):
            layer(randn(3, 1, seed=seed, scale=2, shift=5))
        assert layer.running_mean.item() == pytest.approx(5, abs=0.3)
        assert layer.running_variance.item() == pytest.approx(4, abs=0.5)  # the biased one: 8/3


class TestRefuses:
    @pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1, 1)])
    def test_one_value_per_channel_in_training(self, shape, refuses):
        layer = BatchNorm(3)
        with refuses("x must hold two values or more of each channel in training mode"):
            layer(torch.ones(shape))
        with refuses(f"got the shape {shape}"):
            normalize(torch.ones(shape), torch.ones(3), torch.zeros(3))
        assert (layer.running_mean == 0).all()  # nothing was remembered
        assert layer.eval()(torch.ones(shape)).shape == shape

    @pytest.mark.parametrize("training", [True, False])
    def test_what_is_not_a_batch_of_channels(self, training, refuses):
        layer = BatchNorm(3).train(training)
        with refuses("x must have the axes (batch, channel, ...), got (3,)"):
            layer(torch.ones(3))
        with refuses("x must have the axes (batch, channel, ...), got list"):
            layer([[1.0, 2.0, 3.0]])
        with refuses("gamma must have the shape of the channels of x, (4,), got (3,)"):
            layer(torch.ones(2, 4))
        with refuses("x must be floating point, got torch.int64"):
            layer(torch.ones(2, 3, dtype=torch.int64))
        with refuses("x must not be empty"):
            layer(torch.ones(0, 3))

    @pytest.mark.parametrize("bad", [math.nan, math.inf])
    def test_what_is_not_finite(self, bad, refuses):
        x = torch.zeros(4, 3)
        x[2, 1] = bad
        layer = BatchNorm(3)
        with refuses("x must be finite, got 1 NaN or infinite values"):
            layer(x)
        assert (layer.running_mean == 0).all()
        with refuses("gamma must be finite"):
            normalize(torch.ones(4, 3), torch.full([3], bad), torch.zeros(3))
        with refuses("beta must be finite"):
            normalize(torch.ones(4, 3), torch.zeros(3), torch.full([3], bad))

    def test_a_gradient_of_another_shape(self, refuses):
        with refuses("dy must have the shape of x, (4, 3), got (4, 1)"):
            normalize_backward(torch.ones(4, 1), torch.ones(4, 3), torch.ones(3))

    @pytest.mark.parametrize("epsilon", [0.0, -1.0, math.inf, math.nan])
    def test_epsilon(self, epsilon, refuses):
        words = f"epsilon must be positive and finite, got {epsilon}"
        one, nil = torch.ones(3), torch.zeros(3)
        with refuses(words):
            BatchNorm(3, epsilon=epsilon)
        with refuses(words):
            normalize(torch.ones(2, 3), one, nil, epsilon=epsilon)
        with refuses(words):
            normalize_backward(torch.ones(2, 3), torch.ones(2, 3), one, epsilon=epsilon)

    @pytest.mark.parametrize("momentum", [0.0, -0.1, 1.1, math.nan])
    def test_momentum(self, momentum, refuses):
        with refuses(f"momentum must be in (0, 1], got {momentum}"):
            BatchNorm(3, momentum=momentum)

    def test_no_channel(self, refuses):
        with refuses("num_channels must be 1 or more, got 0"):
            BatchNorm(0)
