"""The weights are scipy's Beta, the mixed loss is the loss of the mixed targets; refusals."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from torch.nn import functional

from dlbasic.losses.cross_entropy import cross_entropy
from dlbasic.regularization.mixup import mix, mixup, sample_weights

ALPHAS = [0.05, 0.2, 1.0, 3.0, 50.0]


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def randn(*shape, seed=0):
    return torch.randn(shape, generator=generator(seed), dtype=torch.float64)


def one_hot(count, num_classes, seed=0):
    classes = torch.randint(num_classes, (count,), generator=generator(seed))
    return functional.one_hot(classes, num_classes).double()


class TestWeights:
    @pytest.mark.parametrize("alpha", ALPHAS[1:])  # at 0.05 many draws near 1 round to it
    def test_are_distributed_as_scipys_beta(self, alpha):
        weights = sample_weights(20_000, alpha=alpha, generator=generator())
        assert weights.dtype == torch.float64
        assert stats.kstest(weights.numpy(), stats.beta(alpha, alpha).cdf).pvalue > 0.01
        # and not as a neighbour's
        assert stats.kstest(weights.numpy(), stats.beta(1.2 * alpha, alpha).cdf).pvalue < 1e-4

    @pytest.mark.parametrize("alpha", ALPHAS)
    def test_have_the_variance_of_a_beta(self, alpha):
        weights = sample_weights(50_000, alpha=alpha, generator=generator())
        assert weights.mean().item() == pytest.approx(0.5, abs=0.01)
        assert weights.var().item() == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.03)

    def test_a_small_alpha_mixes_nothing_and_a_large_one_halves(self):
        small = sample_weights(1000, alpha=1e-3, generator=generator())
        assert ((small < 1e-6) | (small > 1 - 1e-6)).double().mean() > 0.95
        large = sample_weights(1000, alpha=1e4, generator=generator())
        assert (large - 0.5).abs().max() < 0.02

    def test_the_generator_decides(self):
        first, again = (sample_weights(9, alpha=1.0, generator=generator(3)) for _ in range(2))
        assert torch.equal(first, again)
        assert not torch.equal(first, sample_weights(9, alpha=1.0, generator=generator(4)))


class TestLoss:
    @given(
        shape=st.tuples(st.integers(1, 9), st.integers(2, 6)),
        alpha=st.sampled_from(ALPHAS),
        seed=st.integers(0, 99),
    )
    def test_the_loss_of_mixed_targets_is_the_mixed_loss(self, shape, alpha, seed):
        logits = (5 * randn(*shape, seed=seed)).requires_grad_()
        first, second = one_hot(*shape, seed=seed), one_hot(*shape, seed=seed + 1)
        weights = sample_weights(shape[0], alpha=alpha, generator=generator(seed))
        of_mixed = cross_entropy(logits, mix(first, second, weights))
        each = [
            functional.cross_entropy(logits, targets.argmax(1), reduction="none")
            for targets in (first, second)
        ]
        mixed = (weights * each[0] + (1 - weights) * each[1]).mean()
        torch.testing.assert_close(of_mixed, mixed, rtol=1e-12, atol=1e-12)
        gradients = [torch.autograd.grad(loss, logits)[0] for loss in (of_mixed, mixed)]
        torch.testing.assert_close(*gradients, rtol=1e-12, atol=1e-12)

    @given(seed=st.integers(0, 99))
    def test_squared_errors_differ_by_what_no_weight_can_change(self, seed):
        outputs = randn(6, 3, seed=seed).requires_grad_()
        first, second = randn(6, 3, seed=seed + 1), randn(6, 3, seed=seed + 2)
        weights = sample_weights(6, alpha=1.0, generator=generator(seed))
        lam = weights[:, None]
        of_mixed = (outputs - mix(first, second, weights)).square().sum()
        mixed = (lam * (outputs - first).square() + (1 - lam) * (outputs - second).square()).sum()
        apart = (lam * (1 - lam) * (first - second).square()).sum()
        torch.testing.assert_close(of_mixed, mixed - apart, rtol=1e-12, atol=1e-12)
        gradients = [torch.autograd.grad(loss, outputs)[0] for loss in (of_mixed, mixed)]
        torch.testing.assert_close(*gradients, rtol=1e-12, atol=1e-12)


class TestMix:
    def test_weight_one_is_the_first_and_nil_the_second(self):
        first, second = randn(3, 2), randn(3, 2, seed=1)
        mixed = mix(first, second, torch.tensor([1.0, 0.0, 0.25]).double())
        assert torch.equal(mixed[0], first[0])
        assert torch.equal(mixed[1], second[1])
        torch.testing.assert_close(mixed[2], first[2] / 4 + 3 * second[2] / 4)

    @pytest.mark.parametrize("place", [(), (3,), (2, 4, 4)])
    def test_each_example_has_a_weight_of_its_own(self, place):
        nil, one = torch.zeros(4, *place), torch.ones(4, *place)
        weights = torch.tensor([0.0, 0.25, 0.5, 1.0])
        mixed = mix(one, nil, weights).reshape(4, -1)
        assert (mixed == weights[:, None]).all()
        assert mixed.dtype == torch.float32

    def test_inputs_and_targets_share_partners_and_weights(self):
        targets = torch.eye(50, dtype=torch.float64)  # each example is a class of its own
        inputs = torch.arange(50.0, dtype=torch.float64)[:, None]
        mixed, soft = mixup(inputs, targets, alpha=1.0, generator=generator())
        torch.testing.assert_close(mixed, soft @ inputs, rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(soft.sum(1), torch.ones(50).double(), rtol=1e-12, atol=1e-12)
        assert (soft.max(1).values < 0.9).sum() > 20  # most of them are mixed
        assert ((soft > 0).sum(1) <= 2).all()
        assert (soft > 0).sum() > 90

    def test_every_example_is_a_partner_once(self):
        _, soft = mixup(torch.ones(40, 1), torch.eye(40), alpha=1.0, generator=generator())
        assert ((soft > 0).sum(0) <= 2).all()

    def test_on_average_the_batch_keeps_its_mean(self):
        inputs, targets = randn(6, 4), one_hot(6, 3)
        draw = generator()
        batches = [mixup(inputs, targets, alpha=0.5, generator=draw) for _ in range(4000)]
        for part, whole in zip(zip(*batches, strict=True), (inputs, targets), strict=True):
            mean = torch.stack(part).mean(dim=(0, 1))
            torch.testing.assert_close(mean, whole.mean(0), rtol=0, atol=0.02)

    def test_what_went_in_is_as_before_and_the_generator_decides(self):
        inputs, targets = randn(8, 2), one_hot(8, 3)
        before = inputs.clone(), targets.clone()
        first, again, other = (
            mixup(inputs, targets, alpha=1.0, generator=generator(seed)) for seed in (0, 0, 1)
        )
        assert torch.equal(inputs, before[0])
        assert torch.equal(targets, before[1])
        assert torch.equal(first[0], again[0])
        assert not torch.equal(first[0], other[0])


class TestRefuses:
    @pytest.mark.parametrize("alpha", [0.0, -1.0, math.inf, math.nan])
    def test_alpha(self, alpha, refuses):
        words = f"alpha must be positive and finite, got {alpha}"
        with refuses(words):
            sample_weights(3, alpha=alpha, generator=generator())
        with refuses(words):
            mixup(randn(3, 2), one_hot(3, 2), alpha=alpha, generator=generator())

    def test_no_weights(self, refuses):
        with refuses("count must be 1 or more, got 0"):
            sample_weights(0, alpha=1.0, generator=generator())

    @pytest.mark.parametrize(("value", "given"), [(-0.25, "-0.25"), (1.5, "1.5")])
    def test_weights_outside(self, value, given, refuses):
        weights = torch.tensor([0.5, value])
        with refuses(f"weights must be in [0, 1], got {given}"):
            mix(torch.ones(2, 3), torch.ones(2, 3), weights)

    def test_another_number_of_weights(self, refuses):
        with refuses("weights must be 2, one an example, got 3"):
            mix(torch.ones(2, 3), torch.ones(2, 3), torch.ones(3))
        with refuses("weights must have the axes (example), got the shape (2, 1)"):
            mix(torch.ones(2, 3), torch.ones(2, 3), torch.ones(2, 1))

    def test_what_does_not_pair_up(self, refuses):
        with refuses("second must have the shape of first, (2, 3), got (3,)"):
            mix(torch.ones(2, 3), torch.ones(3), torch.ones(2))
        with refuses("inputs must be 4, one a target, got (3, 2)"):
            mixup(randn(3, 2), one_hot(4, 2), alpha=1.0, generator=generator())
        with refuses("inputs must be 4, one a target, got list"):
            mixup([1.0] * 4, one_hot(4, 2), alpha=1.0, generator=generator())  # pyright: ignore[reportArgumentType]

    @pytest.mark.parametrize("bad", [math.nan, math.inf])
    def test_what_is_not_finite(self, bad, refuses):
        one, worse = torch.ones(2, 3), torch.ones(2, 3)
        worse[1, 1] = bad
        with refuses("first must be finite, got 1 NaN or infinite values"):
            mix(worse, one, torch.ones(2))
        with refuses("second must be finite, got 1 NaN or infinite values"):
            mix(one, worse, torch.ones(2))
        with refuses("weights must be finite"):
            mix(one, one, torch.tensor([0.5, bad]))
        with refuses("first must be finite"):
            mixup(worse, torch.ones(2, 1), alpha=1.0, generator=generator())

    def test_class_numbers_and_what_is_no_distribution(self, refuses):
        with refuses("targets must have the axes (example, class), got the shape (3,)"):
            mixup(randn(3, 2), torch.tensor([0, 1, 2]), alpha=1.0, generator=generator())
        with refuses("targets must sum to 1 in every row, got 3 in row 0"):
            mixup(randn(3, 2), torch.ones(3, 3), alpha=1.0, generator=generator())
        with refuses("first must be floating point, got torch.int64"):
            mixup(torch.ones(3, 2).long(), one_hot(3, 2), alpha=1.0, generator=generator())
