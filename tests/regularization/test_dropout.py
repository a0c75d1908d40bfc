"""Parity with torch's dropout given its mask, its statistics, and what is refused."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from dlbasic.regularization.bench import Network
from dlbasic.regularization.dropout import Dropout, dropout, monte_carlo, penalty, sample_mask


def randn(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@given(
    rate=st.floats(0, 0.95),
    shape=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    seed=st.integers(0, 99),
)
def test_equals_torch_given_its_mask_in_value_and_gradient(rate, shape, seed):
    inputs, upstream = randn(*shape, seed=seed).requires_grad_(), randn(*shape, seed=seed + 1)
    torch.manual_seed(seed)
    expected = functional.dropout(inputs, rate)
    mask = (expected != 0).double()
    ours = dropout(inputs, mask, rate=rate)
    torch.testing.assert_close(ours, expected, rtol=1e-14, atol=1e-14)
    (gradient,) = torch.autograd.grad(ours, inputs, upstream)
    (expected_gradient,) = torch.autograd.grad(expected, inputs, upstream)
    torch.testing.assert_close(gradient, expected_gradient, rtol=1e-14, atol=1e-14)


def test_gradcheck():
    mask = torch.tensor([[1.0, 0, 1], [0, 1, 1]], dtype=torch.float64)
    inputs = randn(2, 3).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: dropout(x, mask, rate=0.4), inputs)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_has_the_moments_of_torchs_and_of_the_theory(rate):
    x = randn(50, seed=2)
    many = x.expand(20000, 50)
    layer = Dropout(rate, generator=generator())
    torch.manual_seed(0)
    for drawn in (layer(many), functional.dropout(many, rate)):
        error = (x**2 * rate / (1 - rate) / 20000).sqrt()
        assert ((drawn.mean(0) - x).abs() < 5 * error).all()
        variance = x**2 * rate / (1 - rate)
        torch.testing.assert_close(drawn.var(0), variance, rtol=0.1, atol=0)
        kept = (drawn != 0).double().mean().item()
        assert kept == pytest.approx(1 - rate, abs=0.003)


def test_values_are_left_out_independently():
    drawn = sample_mask(torch.zeros(20000, 6), rate=0.5, generator=generator()).double()
    correlation = torch.corrcoef(drawn.T) - torch.eye(6)
    assert correlation.abs().max() < 5 / math.sqrt(20000)
    # Nor do those of one example tell those of the next.
    assert torch.corrcoef(torch.stack([drawn[:-1, 0], drawn[1:, 0]]))[0, 1].abs() < 0.04


def test_the_generator_decides():
    x = torch.ones(100)
    first, again, other = (Dropout(0.5, generator=generator(seed))(x) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    layer = Dropout(0.5, generator=generator())
    assert not torch.equal(layer(x), layer(x))


def test_rate_zero_and_evaluation_mode_change_nothing():
    x = randn(4, 5)
    assert torch.equal(Dropout(0.0, generator=generator())(x), x)
    assert torch.equal(Dropout(0.9, generator=generator()).eval()(x), x)


def test_before_or_after_a_rectifier_is_the_same():
    x, mask = randn(50, 3), (randn(50, 3, seed=1) > 0).double()
    after = dropout(x.relu(), mask, rate=0.5)
    torch.testing.assert_close(dropout(x, mask, rate=0.5).relu(), after, rtol=0, atol=0)


@given(rate=st.floats(0, 0.9), dim=st.integers(1, 6), seed=st.integers(0, 99))
def test_the_penalty_is_the_mean_over_all_masks(rate, dim, seed):
    inputs, weights = randn(7, dim, seed=seed), randn(dim, seed=seed + 1)
    targets = randn(7, seed=seed + 2)
    mean = torch.zeros(7, dtype=torch.float64)
    every = torch.tensor(list(itertools.product((0.0, 1.0), repeat=dim)), dtype=torch.float64)
    for mask in every:
        kept = mask.sum().item()
        chance = rate ** (dim - kept) * (1 - rate) ** kept
        outputs = dropout(inputs, mask.expand(7, dim), rate=rate) @ weights
        mean += chance * (outputs - targets) ** 2
    expected = mean.mean() - ((inputs @ weights - targets) ** 2).mean()
    torch.testing.assert_close(
        penalty(weights, inputs, rate=rate), expected, rtol=1e-10, atol=1e-10
    )


class TestMonteCarlo:
    inputs = torch.rand(6, 64, generator=generator())

    def network(self, rate=0.5, seed=0):
        draws = generator(seed)
        return Network(seed=0, insert=lambda width: Dropout(rate, generator=draws))

    def test_each_sample_is_the_network_in_training_mode(self):
        drawn = monte_carlo(self.network(), self.inputs, samples=3)
        same = self.network()
        expected = torch.stack([same(self.inputs).softmax(1) for _ in range(3)])
        torch.testing.assert_close(drawn, expected)
        assert not drawn.requires_grad
        assert not torch.equal(drawn[0], drawn[1])
        torch.testing.assert_close(drawn.sum(2), torch.ones(3, 6))

    def test_without_noise_every_sample_is_the_network(self):
        network = self.network(rate=0.0)
        drawn = monte_carlo(network, self.inputs, samples=2)
        torch.testing.assert_close(drawn[1], network(self.inputs).softmax(1))

    @pytest.mark.parametrize("mode", [True, False])
    def test_other_layers_rest_and_all_modes_come_back(self, mode):
        network = nn.Sequential(nn.BatchNorm1d(64), Dropout(0.5, generator=generator()))
        network.train(mode)
        before = {name: value.clone() for name, value in network.state_dict().items()}
        monte_carlo(network, self.inputs, samples=2)
        assert [layer.training for layer in network.modules()] == [mode] * 3
        for name, value in network.state_dict().items():
            assert torch.equal(value, before[name])

    def test_refuses_no_samples_and_no_dropout(self, refuses):
        with refuses("samples must be positive, got 0"):
            monte_carlo(self.network(), self.inputs, samples=0)
        with refuses("network must hold a Dropout layer, got none"):
            monte_carlo(Network(seed=0), self.inputs, samples=1)


@pytest.mark.parametrize("rate", [-0.1, 1.0, 2.0, math.nan])
def test_refuses_a_rate_that_is_none(rate, refuses):
    x = torch.ones(1, 2)
    for call in [
        lambda: sample_mask(x, rate=rate, generator=generator()),
        lambda: dropout(x, x, rate=rate),
        lambda: Dropout(rate, generator=generator()),
        lambda: penalty(x[0], x, rate=rate),
    ]:
        with refuses(f"rate must be in [0, 1), got {rate}"):
            call()


def test_refuses_what_does_not_fit(refuses):
    x = torch.ones(3, 2)
    with refuses("mask must have the shape of inputs, (3, 2), got (2,)"):
        dropout(x, x[0], rate=0.5)
    with refuses("inputs must be finite, got 6 NaN"):
        dropout(x * math.nan, x, rate=0.5)
    with refuses("mask must be floating point, got torch.bool"):
        dropout(x, x > 0, rate=0.5)
    with refuses("weights must have the shape of an example of inputs, (2,), got (3,)"):
        penalty(torch.ones(3), x, rate=0.5)
