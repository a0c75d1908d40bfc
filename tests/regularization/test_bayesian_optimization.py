"""The process beside scikit-learn's, the improvement beside an integral, and the search."""

import itertools
import math
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

from dlbasic.regularization.bayesian_optimization import (
    BOUNDS,
    GaussianProcess,
    Kernel,
    Posterior,
    believe,
    covariance,
    expected_improvement,
    fit_kernel,
    search,
    tabulate,
)
from dlbasic.regularization.bench import (
    Examples,
    Network,
    Problem,
    load_problem,
    measure,
    predict,
    train,
)

REGRESSOR: Any = GaussianProcessRegressor  # these take more types than they state
MATERN: Any = Matern
NORMAL: Any = norm


def tensor(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def problem(seed=0, count=12, dims=2, others=30):
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.rand(count, dims, generator=generator, dtype=torch.float64)
    values = torch.sin(5 * inputs.sum(dim=1)) + 0.1 * torch.randn(
        count, generator=generator, dtype=torch.float64
    )
    points = torch.rand(others, dims, generator=generator, dtype=torch.float64)
    return inputs, values - values.mean(), points


def settings(scales=(0.3, 0.8), variance=1.7, noise=0.01):
    return Kernel(tensor(scales), tensor(variance), tensor(noise))


KERNELS = {
    "two scales": settings(),
    "long and noisy": settings((3.0, 2.0), 0.4, 0.5),
    "short": settings((0.05, 0.1), 5.0, 1e-4),
    "one axis hardly matters": settings((0.2, 100.0), 1.0, 0.01),
}


def library(kernel):
    scales, variance = kernel.length_scales.numpy(), kernel.variance.item()
    return ConstantKernel(variance) * MATERN(scales, nu=2.5), kernel.noise.item()


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("seed", range(3))
def test_posterior_and_likelihood_equal_scikit_learn(name, seed):
    inputs, values, points = problem(seed)
    kernel = KERNELS[name]
    theirs, noise = library(kernel)
    reference = REGRESSOR(theirs, alpha=noise, optimizer=None)
    reference.fit(inputs.numpy(), values.numpy())
    mean, std = reference.predict(points.numpy(), return_std=True)
    process = GaussianProcess(inputs, values, kernel)
    ours = process.posterior(points)
    np.testing.assert_allclose(ours.mean, mean, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ours.std, std, rtol=1e-10, atol=1e-10)
    likelihood = process.log_marginal_likelihood().item()
    assert likelihood == pytest.approx(reference.log_marginal_likelihood(), rel=1e-10, abs=1e-10)
    expected = theirs(inputs.numpy(), points.numpy())
    np.testing.assert_allclose(covariance(inputs, points, kernel), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", KERNELS)
def test_the_slope_of_the_likelihood_equals_scikit_learn(name):
    inputs, values, _ = problem()
    kernel = KERNELS[name]
    logs = torch.cat([part.flatten() for part in kernel]).log().requires_grad_()
    ours = GaussianProcess(inputs, values, Kernel(logs[:2].exp(), logs[2].exp(), logs[3].exp()))
    (slope,) = torch.autograd.grad(ours.log_marginal_likelihood(), logs)
    theirs = library(kernel)[0] + WhiteKernel(kernel.noise.item())
    reference = REGRESSOR(theirs, alpha=0.0, optimizer=None)
    reference.fit(inputs.numpy(), values.numpy())
    # scikit-learn's order: variance, length scales, noise; all by their logarithm
    _, expected = reference.log_marginal_likelihood(reference.kernel_.theta, eval_gradient=True)
    np.testing.assert_allclose(slope[[2, 0, 1, 3]], expected, rtol=1e-10, atol=1e-10)


def test_slopes_pass_gradcheck():
    inputs, values, points = problem(count=5, others=3)

    def everything(points, values, scales, variance, noise):
        process = GaussianProcess(inputs, values, Kernel(scales, variance, noise))
        posterior = process.posterior(points)
        best = expected_improvement(posterior, best=-0.2)
        return (*posterior, best, process.log_marginal_likelihood())

    arguments = [part.clone().requires_grad_() for part in (points, values, *settings())]
    assert torch.autograd.gradcheck(everything, arguments)


def test_without_noise_it_goes_through_what_was_measured_and_far_away_it_knows_nothing():
    inputs, values, _ = problem()
    process = GaussianProcess(inputs, values, settings(noise=1e-10))
    posterior = process.posterior(inputs)
    torch.testing.assert_close(posterior.mean, values, rtol=0, atol=1e-6)
    assert posterior.std.max() < 1e-4
    far = process.posterior(inputs + 100)
    assert far.mean.abs().max() < 1e-10
    torch.testing.assert_close(far.std, torch.full((12,), 1.7**0.5, dtype=torch.float64))


@pytest.mark.parametrize("seed", range(5))
def test_the_fitted_kernel_is_as_likely_as_scikit_learns(seed):
    inputs, values, _ = problem(seed, count=15)
    values = values / values.square().mean().sqrt()
    ours = fit_kernel(inputs, values)
    assert ours.length_scales.dtype == torch.float64
    for name, setting in ours._asdict().items():
        low, high = BOUNDS[name]
        assert (setting >= low * 0.999).all()
        assert (setting <= high * 1.001).all()
    kernel = ConstantKernel(1.0, BOUNDS["variance"])
    kernel *= MATERN([0.5, 0.5], BOUNDS["length_scales"], nu=2.5)
    kernel += WhiteKernel(0.01, BOUNDS["noise"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of parameters that end at a bound
        reference = REGRESSOR(kernel, alpha=0.0)
        reference.fit(inputs.numpy(), values.numpy())
    likelihood = GaussianProcess(inputs, values, ours).log_marginal_likelihood().item()
    assert likelihood == pytest.approx(reference.log_marginal_likelihood_value_, abs=1e-4)


def integral(mean, std, best):
    """Expected improvement by its definition."""
    low = min(mean, best) - 12 * std
    density = NORMAL(mean, std).pdf
    middle = [x for x in (mean - 6 * std, mean - 3 * std, mean) if low < x < best] or None
    return quad(
        lambda x: (best - x) * density(x), low, best, points=middle, epsabs=1e-13, epsrel=1e-13
    )[0]


@pytest.mark.parametrize("mean", [-2.0, -0.1, 0.0, 0.3, 3.0])
@pytest.mark.parametrize("std", [0.01, 0.5, 1.0, 4.0])
@pytest.mark.parametrize("best", [-1.0, 0.0, 2.0])
def test_expected_improvement_equals_its_integral(mean, std, best):
    ours = expected_improvement(Posterior(tensor([mean]), tensor([std])), best=best).item()
    expected = integral(mean, std, best)
    assert ours == pytest.approx(expected, rel=1e-10, abs=1e-10)


@given(mean=st.floats(-5, 5), std=st.floats(0, 5), best=st.floats(-5, 5), more=st.floats(0.01, 1))
def test_expected_improvement_grows_with_the_hope_and_the_doubt(mean, std, best, more):
    means, stds = tensor([mean, mean - more, mean]), tensor([std, std, std + more])
    here, lower, wider = expected_improvement(Posterior(means, stds), best=best).tolist()
    assert here >= max(best - mean, 0) - 1e-12
    assert lower >= here
    assert wider >= here - 1e-12


def test_without_doubt_the_improvement_is_the_difference():
    posterior = Posterior(tensor([1.0, 2.0, 3.0]), torch.zeros(3, dtype=torch.float64))
    assert expected_improvement(posterior, best=2.0).tolist() == [1, 0, 0]
    narrow = Posterior(torch.tensor([1.0, 2.0, 3.0]), torch.zeros(3))
    assert expected_improvement(narrow, best=2.0).tolist() == [1, 0, 0]


def grid(side=6):
    axis = torch.linspace(0, 1, side)
    return torch.cartesian_prod(axis, axis)


def bowl(candidates):
    return ((candidates - torch.tensor([0.6, 0.2])).square().sum(dim=1)).tolist()


def test_believe_tells_in_the_unit_of_the_values():
    candidates, tried = grid(), torch.tensor([0, 7, 20, 35, 11])
    values = tensor(bowl(candidates))[tried]
    (mean, std), improvement = believe(candidates, tried, values)
    assert (improvement[tried] == 0).all()
    assert improvement.max() > 0
    (moved_mean, moved_std), moved = believe(candidates, tried, 100 * values + 7)
    torch.testing.assert_close(moved_mean, 100 * mean + 7)
    torch.testing.assert_close(moved_std, 100 * std)
    torch.testing.assert_close(moved, 100 * improvement)
    assert (mean[tried] - values).abs().max() < 0.2 * values.std()


def test_values_that_are_all_the_same_are_no_reason_to_break():
    (mean, _), improvement = believe(grid(), torch.tensor([0, 1, 2]), tensor([0.3, 0.3, 0.3]))
    assert torch.isfinite(improvement).all()
    torch.testing.assert_close(mean[3:], torch.full((33,), 0.3).double())


@pytest.mark.parametrize("seed", range(3))
def test_search_finds_the_bottom_of_a_bowl(seed):
    candidates = grid(11)
    values = bowl(candidates)
    trials = list(itertools.islice(search(values.__getitem__, candidates, seed=seed), 15))
    assert min(trial.value for trial in trials) == min(values)
    assert all(trial.value == values[trial.candidate] for trial in trials)


def test_search_starts_at_random_and_then_looks_at_the_values():
    candidates = grid()
    values = bowl(candidates)

    def run(values, seed, count=6):
        some = itertools.islice(search(values.__getitem__, candidates, seed=seed), count)
        return [trial.candidate for trial in some]

    assert run(values, 0) == run(values, 0)
    assert run(values, 0)[:4] != run(values, 1)[:4]
    negative = [-value for value in values]
    assert run(values, 0)[:4] == run(negative, 0)[:4]
    assert run(values, 0)[4:] != run(negative, 0)[4:]


def test_search_tries_every_candidate_once_and_ends():
    candidates = grid(3)
    trials = list(search(bowl(candidates).__getitem__, candidates, start=2))
    assert sorted(trial.candidate for trial in trials) == [*range(9)]


def test_what_is_wrong_is_refused(refuses):
    inputs, values, points = problem()
    kernel = settings()
    for wrong, words in (
        (settings(noise=0.0), "noise must be positive, got 0"),
        (settings(variance=-1.0), "variance must be positive, got -1"),
        (settings((0.1, math.nan)), "length_scales must be finite"),
        (settings((0.1, 0.0)), "length_scales must be positive"),
        (settings(variance=math.inf), "variance must be finite"),
    ):
        with refuses(words):
            covariance(inputs, points, wrong)
        with refuses(words):
            GaussianProcess(inputs, values, wrong)
    with refuses("points must have 2 dimensions, got 3"):
        covariance(torch.ones(4, 3).double(), points, kernel)
    with refuses("others must have 2 dimensions, got 1"):
        covariance(inputs, points[:, :1], kernel)
    with refuses("values must be as many as inputs, 12, got 11"):
        GaussianProcess(inputs, values[:11], kernel)
    with refuses("values must be finite"):
        GaussianProcess(inputs, values * math.nan, kernel)
    with refuses("inputs must have the axes (example, dim)"):
        fit_kernel(values, values)
    with refuses("others must be finite"):
        GaussianProcess(inputs, values, kernel).posterior(points * math.inf)


def test_a_wrong_improvement_or_search_is_refused(refuses):
    good = Posterior(torch.zeros(3), torch.ones(3))
    with refuses("std must have the shape of mean, (3,), got (2,)"):
        expected_improvement(Posterior(torch.zeros(3), torch.ones(2)), best=0.0)
    with refuses("std must not be negative, got -1"):
        expected_improvement(Posterior(torch.zeros(3), -torch.ones(3)), best=0.0)
    with refuses("mean must be finite"):
        expected_improvement(Posterior(torch.full((3,), math.nan), torch.ones(3)), best=0.0)
    for best in (math.nan, math.inf):
        with refuses("best must be finite"):
            expected_improvement(good, best=best)
    candidates = grid()
    for wrong, words in (
        (candidates * 2, "candidates must be in [0, 1], got 0 to 2"),
        (candidates[0], "candidates must have the axes (candidate, dim)"),
        (candidates * math.nan, "candidates must be finite"),
    ):
        with refuses(words):
            search(lambda _: 0.0, wrong)
    wrong_starts: list[Any] = [0, 1, 37, 2.5]
    for start in wrong_starts:
        with refuses("start must be from 2 to 36"):
            search(lambda _: 0.0, candidates, start=start)
    with refuses("values must be finite, got 4 NaN"):
        list(itertools.islice(search(lambda _: math.nan, candidates), 5))
    with refuses("values must be as many as tried, 2, got 3"):
        believe(candidates, torch.tensor([0, 1]), torch.zeros(3))
    with refuses("tried must be from 0 to 35"):
        believe(candidates, torch.tensor([0, 36]), torch.zeros(2))


def double(problem):
    return Problem(*(Examples(*(part.double() for part in examples)) for examples in problem))


def test_a_table_holds_what_the_bench_makes_of_each_setting():
    problem = double(load_problem(seed=3))
    rates, decays = tensor([0.01, 0.1, 0.0003, 0.01]), tensor([0.0, 0.5, 10.0, 3.0])
    validation, test = tabulate(problem, rates, decays, seed=3, steps=60)
    for k, (rate, decay) in enumerate(zip(rates.tolist(), decays.tolist(), strict=True)):
        network = Network(seed=3, hidden=(64,)).double()

        def adamw(parameters, rate=rate, decay=decay):
            return torch.optim.AdamW(parameters, lr=rate, weight_decay=decay)

        list(train(network, problem.train, seed=3, steps=60, optimizer=adamw))
        for ours, examples in ((validation, problem.validation), (test, problem.test)):
            expected = measure(predict(network, examples.inputs), examples.targets).loss
            assert ours[k].item() == pytest.approx(expected, rel=1e-10, abs=1e-10)


def test_a_table_does_not_depend_on_what_else_is_in_it():
    problem = load_problem(seed=0)
    rates, decays = torch.full((45,), 0.01), torch.linspace(0, 4, 45)
    every, test = tabulate(problem, rates, decays, seed=0, steps=5)
    some, _ = tabulate(problem, rates[38:42], decays[38:42], seed=0, steps=5)
    torch.testing.assert_close(some, every[38:42])
    assert len(test.unique()) == 45
    other, _ = tabulate(problem, rates[38:42], decays[38:42], seed=1, steps=5)
    assert not torch.allclose(other, some)


def test_a_table_of_wrong_settings_is_refused(refuses):
    problem, good = load_problem(seed=0), torch.tensor([0.01, 0.1])
    with refuses("decays must have the shape of learning_rates, (2,), got (1,)"):
        tabulate(problem, good, good[:1], seed=0)
    for wrong in (-good, good * math.nan):
        with refuses("must"):
            tabulate(problem, wrong, good, seed=0)
        with refuses("must"):
            tabulate(problem, good, wrong, seed=0)
    with refuses("steps must be positive"):
        tabulate(problem, good, good, seed=0, steps=0)
    with refuses("the validation losses must be finite"):
        tabulate(problem, good, good * 1e4, seed=0, steps=50)
