"""Parity with torch and scipy, gradients, properties, extremes, training, and what is refused."""

import math
from itertools import islice

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from torch.distributions import Normal

from dlbasic.losses.likelihood import (
    GaussianNetwork,
    central_interval,
    gaussian_log_likelihood,
    gaussian_nll,
    interval_coverage,
    noisy_wave,
    train,
)
from dlbasic.losses.mse import mse

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))
scales = st.sampled_from([1e-6, 1.0, 1e6])
seeds = st.integers(0, 99)


def gaussians(shape, scale=1.0, seed=0):
    """Means, targets and variances; the variances lie between a tenth and ten squared scales."""
    generator = torch.Generator().manual_seed(seed)
    means, targets = scale * torch.randn(2, *shape, generator=generator, dtype=torch.float64)
    variances = 10 ** (2 * torch.rand(shape, generator=generator, dtype=torch.float64) - 1)
    return means, targets, scale**2 * variances


def value_and_gradients(function, *tensors):
    leaves = [tensor.clone().requires_grad_() for tensor in tensors]
    value = function(*leaves)
    return value, *torch.autograd.grad(value, leaves)


def assert_equal(ours, expected, rtol=1e-12):
    for one, other in zip(ours, expected, strict=True):
        # Terms of either sign may cancel, so the tolerance is that of the largest number.
        torch.testing.assert_close(one, other, rtol=0, atol=rtol * max(other.abs().max().item(), 1))


class TestParity:
    @given(shape=shapes, scale=scales, seed=seeds)
    def test_log_likelihood_and_gradients_equal_torch_normal(self, shape, scale, seed):
        def reference(means, targets, variances):
            return Normal(means, variances.sqrt()).log_prob(targets).sum(dim=1).mean()

        tensors = gaussians(shape, scale, seed)
        ours = value_and_gradients(gaussian_log_likelihood, *tensors)
        assert_equal(ours, value_and_gradients(reference, *tensors))

    @given(shape=shapes, scale=st.sampled_from([1.0, 1e6]), seed=seeds)
    def test_nll_and_gradients_equal_torch_gaussian_nll_loss(self, shape, scale, seed):
        library = torch.nn.GaussianNLLLoss(full=True)

        def reference(means, targets, variances):
            return library(means, targets, variances) * shape[1]  # it divides by the dimensions

        tensors = gaussians(shape, scale, seed)
        ours = value_and_gradients(gaussian_nll, *tensors)
        assert_equal(ours, value_and_gradients(reference, *tensors))

    def test_torch_clamps_a_variance_below_a_millionth_and_we_do_not(self):
        means, targets, variances = gaussians((4, 1), scale=1e-5)
        library = torch.nn.GaussianNLLLoss(full=True)(means, targets, variances)
        clamped = gaussian_nll(means, targets, torch.full_like(variances, 1e-6))
        torch.testing.assert_close(library, clamped, rtol=1e-12, atol=0)
        assert gaussian_nll(means, targets, variances) < library - 1

    @pytest.mark.parametrize("variance", [1e-30, 1e-300, 1e-6, 1.0, 1e300])
    @pytest.mark.parametrize("deviations", [0.0, 0.5, 40.0])
    def test_value_equals_scipy_at_tiny_and_huge_variances(self, variance, deviations):
        deviation = math.sqrt(variance)
        target = torch.tensor([[deviations * deviation]], dtype=torch.float64)
        ours = gaussian_log_likelihood(
            torch.zeros_like(target), target, torch.full_like(target, variance)
        )
        expected = stats.norm.logpdf(target.item(), loc=0.0, scale=deviation)
        assert ours.item() == pytest.approx(expected, rel=1e-12)

    @pytest.mark.parametrize("level", [1e-6, 0.5, 0.9, 0.999999])
    def test_interval_equals_scipy(self, level):
        means, _, variances = gaussians((6, 2))
        ours = central_interval(means, variances, level=level)
        # `norm.interval` itself rounds (1 + level) / 2, which costs digits near level 1.
        half_width = stats.norm.isf((1 - level) / 2) * variances.sqrt()
        assert_equal(ours, [means - half_width, means + half_width])


class TestGradient:
    @pytest.mark.parametrize("function", [gaussian_log_likelihood, gaussian_nll])
    def test_gradcheck(self, function):
        leaves = [tensor.requires_grad_() for tensor in gaussians((4, 3))]
        assert torch.autograd.gradcheck(function, leaves)

    def test_tiny_variances_give_finite_and_right_gradients(self):
        means, targets, variances = gaussians((4, 3), scale=1e-15)
        _, of_means, _, of_variances = value_and_gradients(gaussian_nll, means, targets, variances)
        residuals = means - targets
        torch.testing.assert_close(of_means, residuals / variances / 4, rtol=1e-12, atol=0)
        expected = (1 - residuals.square() / variances) / variances / 2 / 4
        assert_equal([of_variances / 1e30], [expected / 1e30])

    def test_a_residual_whose_square_overflows(self):
        residual, variance = torch.tensor([[1e25]]), torch.tensor([[1e38]])
        assert residual.square().isinf()
        nll = gaussian_nll(torch.zeros(1, 1), residual, variance)
        assert nll.item() == pytest.approx(5e11, rel=1e-4)


class TestProperties:
    @given(shape=shapes, scale=st.sampled_from([1e-3, 1.0, 1e3]), seed=seeds)
    def test_unit_variance_is_mse(self, shape, scale, seed):
        means, targets, _ = gaussians(shape, scale, seed)

        def from_mse(means, targets):
            return -mse(means, targets) / 2 - shape[1] / 2 * math.log(2 * math.pi)

        ours = value_and_gradients(gaussian_log_likelihood, means, targets)
        assert_equal(ours, value_and_gradients(from_mse, means, targets))

    @given(shape=shapes, seed=seeds)
    def test_the_default_variance_is_one(self, shape, seed):
        means, targets, _ = gaussians(shape, seed=seed)
        explicit = gaussian_log_likelihood(means, targets, torch.ones_like(means))
        assert torch.equal(gaussian_log_likelihood(means, targets), explicit)

    @given(shape=shapes, shift=st.sampled_from([-64.0, 0.5, 1024.0]), seed=seeds)
    def test_a_shift_of_means_and_targets_changes_nothing(self, shape, shift, seed):
        means, targets, variances = gaussians(shape, seed=seed)
        moved = gaussian_nll(means + shift, targets + shift, variances)
        torch.testing.assert_close(
            moved, gaussian_nll(means, targets, variances), rtol=1e-9, atol=1e-9
        )

    @given(shape=shapes, scale=st.sampled_from([1e-9, 0.1, 7.0, 1e9]), seed=seeds)
    def test_a_change_of_unit_adds_its_logarithm_per_dimension(self, shape, scale, seed):
        means, targets, variances = gaussians(shape, seed=seed)
        scaled = gaussian_nll(scale * means, scale * targets, scale**2 * variances)
        expected = gaussian_nll(means, targets, variances) + shape[1] * math.log(scale)
        torch.testing.assert_close(scaled, expected, rtol=1e-12, atol=1e-12)

    @given(shape=shapes, seed=seeds)
    def test_dimensions_add_up_and_examples_are_averaged(self, shape, seed):
        tensors = gaussians(shape, seed=seed)
        whole = gaussian_nll(*tensors)
        by_dimension = [gaussian_nll(*(t[:, d : d + 1] for t in tensors)) for d in range(shape[1])]
        by_example = [gaussian_nll(*(t[i : i + 1] for t in tensors)) for i in range(shape[0])]
        assert_equal([torch.stack(by_dimension).sum()], [whole])
        assert_equal([torch.stack(by_example).mean()], [whole])


class TestCoverage:
    def test_counts_the_targets_inside(self):
        means, variances = torch.zeros(5, 1), torch.ones(5, 1)
        targets = torch.tensor([[-1.0], [0.6], [0.0], [-0.7], [9.0]])
        assert interval_coverage(means, variances, targets, level=0.5).item() == pytest.approx(0.4)
        assert interval_coverage(means + 9, variances, targets).item() == pytest.approx(0.2)
        assert interval_coverage(means, 99 * variances, targets).item() == 1

    @pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
    def test_is_the_level_where_the_gaussians_are_right(self, level):
        means, _, variances = gaussians((20_000, 2))
        generator = torch.Generator().manual_seed(1)
        noise = torch.randn(means.shape, generator=generator, dtype=torch.float64)
        targets = means + variances.sqrt() * noise
        covered = interval_coverage(means, variances, targets, level=level)
        assert abs(covered - level) < 0.01  # four standard deviations, from 40,000 targets


class TestTraining:
    @pytest.mark.parametrize("learned", [False, True])
    def test_a_variance_differs_between_inputs_only_if_it_is_learned(self, learned):
        torch.manual_seed(0)
        means, variances = GaussianNetwork(learned_variance=learned)(torch.tensor([[0.0], [1.0]]))
        assert means[0] != means[1]
        assert (variances[0] != variances[1]) == learned

    def test_one_variance_for_all_becomes_the_mean_squared_residual(self):
        inputs, targets = noisy_wave(300, generator=torch.Generator().manual_seed(0))
        torch.manual_seed(0)
        model = GaussianNetwork(learned_variance=False)
        steps = list(train(model, inputs, targets))
        assert [step.step for step in steps] == list(range(300))
        assert steps[-1].nll < steps[0].nll - 0.3
        means, variances = model(inputs)
        torch.testing.assert_close(variances[0, 0], mse(means, targets), rtol=0.03, atol=0)

    def test_yields_the_loss_before_each_update(self):
        inputs, targets = noisy_wave(50, generator=torch.Generator().manual_seed(0))
        torch.manual_seed(0)
        model = GaussianNetwork()
        means, variances = model(inputs)
        before = gaussian_nll(means, targets, variances).item()
        (first,) = islice(train(model, inputs, targets), 1)
        assert first == (0, before)
        assert not torch.equal(model(inputs)[0], means)

    def test_the_first_update_is_as_long_as_the_learning_rate(self):
        inputs, targets = noisy_wave(50, generator=torch.Generator().manual_seed(0))
        for learning_rate in [0.001, 0.1]:
            torch.manual_seed(0)
            model = GaussianNetwork()
            before = model.get_parameter("mean.2.bias").clone()
            next(train(model, inputs, targets, learning_rate=learning_rate))
            moved = (model.get_parameter("mean.2.bias") - before).abs().item()
            assert moved == pytest.approx(learning_rate, rel=1e-3)  # as Adam's first step is

    def test_noise_grows_as_it_says(self):
        x, y = noisy_wave(20_000, generator=torch.Generator().manual_seed(0))
        standardized = (y - torch.sin(2 * x)) / (0.1 + 0.2 * x)
        assert x.min() >= 0
        assert x.max() <= 4
        for start in range(4):
            quarter = standardized[x.floor() == start]
            assert abs(quarter.std() - 1) < 0.05
            assert abs(quarter.mean()) < 0.06


NEED_VARIANCES = {
    "gaussian_nll": gaussian_nll,
    "central_interval": lambda means, _, variances: central_interval(means, variances),
    "interval_coverage": lambda means, targets, variances: interval_coverage(
        means, variances, targets
    ),
}


@pytest.mark.parametrize("function", NEED_VARIANCES.values(), ids=NEED_VARIANCES)
class TestRefusesVariances:
    @pytest.mark.parametrize("bad", [0.0, -1.0])
    def test_not_positive(self, function, refuses, bad):
        with refuses(f"variances must be positive, got {bad}"):
            function(torch.zeros(2, 1), torch.zeros(2, 1), torch.tensor([[1.0], [bad]]))

    @pytest.mark.parametrize("bad", [float("nan"), float("inf")])
    def test_not_finite(self, function, refuses, bad):
        with refuses("variances must be finite, got 1 NaN or infinite values"):
            function(torch.zeros(2, 1), torch.zeros(2, 1), torch.tensor([[1.0], [bad]]))

    def test_shapes_that_torch_would_broadcast(self, function, refuses):
        with refuses("variances must have the shape of means, (4, 2), got (4, 1)"):
            function(torch.zeros(4, 2), torch.zeros(4, 2), torch.ones(4, 1))

    def test_numbers(self, function, refuses):
        with refuses("variances and means must be tensors, got float and Tensor"):
            function(torch.zeros(4, 2), torch.zeros(4, 2), 1.0)


def coverage_with_unit_variance(means, targets):
    return interval_coverage(means, torch.ones_like(means), targets)


@pytest.mark.parametrize(
    "function", [gaussian_log_likelihood, gaussian_nll, coverage_with_unit_variance]
)
class TestRefusesMeansAndTargets:
    def test_shapes_that_torch_would_broadcast(self, function, refuses):
        with refuses("targets must have the shape of means, (4, 1), got (4,)"):
            function(torch.zeros(4, 1), torch.zeros(4))

    def test_one_axis(self, function, refuses):
        with refuses("means must have the axes (example, dim), got the shape (4,)"):
            function(torch.zeros(4), torch.zeros(4))

    @pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
    def test_empty(self, function, refuses, shape):
        with refuses(f"means must not be empty, got the shape {shape}"):
            function(torch.zeros(shape), torch.zeros(shape))

    @pytest.mark.parametrize("bad", [float("nan"), float("-inf")])
    def test_not_finite(self, function, refuses, bad):
        with refuses("targets must be finite, got 1 NaN or infinite values"):
            function(torch.zeros(2, 1), torch.tensor([[0.0], [bad]]))

    def test_integers(self, function, refuses):
        with refuses("targets must be floating point, got torch.int64"):
            function(torch.zeros(2, 1), torch.zeros(2, 1, dtype=torch.int64))


def test_likelihood_refuses_lists(refuses):
    with refuses("targets and means must be tensors, got Tensor and list"):
        gaussian_log_likelihood([[1.0]], torch.zeros(1, 1))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, float("nan")])
@pytest.mark.parametrize("name", ["central_interval", "interval_coverage"])
def test_refuses_a_level_that_is_no_probability(name, level, refuses):
    tensors = [torch.zeros(1, 1), torch.ones(1, 1), torch.zeros(1, 1)]
    with refuses(f"level must lie between 0 and 1, got {level}"):
        if name == "central_interval":
            central_interval(*tensors[:2], level=level)
        else:
            interval_coverage(*tensors, level=level)


class TestRefusesTraining:
    def test_inputs_of_two_dimensions(self, refuses):
        with refuses("inputs must have one dimension, got the shape (3, 2)"):
            GaussianNetwork()(torch.zeros(3, 2))

    def test_targets_of_another_length(self, refuses):
        with refuses("targets must have the shape of means, (3, 1), got (2, 1)"):
            next(train(GaussianNetwork(), torch.zeros(3, 1), torch.zeros(2, 1)))

    def test_a_variance_that_has_shrunk_to_zero(self, refuses):
        model = GaussianNetwork()
        torch.nn.init.constant_(model.get_parameter("log_variance.2.bias"), -1000.0)
        with refuses("variances must be positive, got 0.0"):
            next(train(model, torch.zeros(3, 1), torch.zeros(3, 1)))

    def test_no_steps(self, refuses):
        with refuses("steps must be positive, got 0"):
            next(train(GaussianNetwork(), torch.zeros(3, 1), torch.zeros(3, 1), steps=0))

    def test_no_examples(self, refuses):
        with refuses("num_examples must be positive, got 0"):
            noisy_wave(0, generator=torch.Generator())
