"""Parity with `torch.distributions`, SciPy and scikit-learn, properties, and what is refused."""

import math
from functools import partial

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.naive_bayes import BernoulliNB
from torch import distributions

from dlbasic.foundations.probability import (
    NaiveBayes,
    entropy,
    fit_naive_bayes,
    gaussian_kl,
    gaussian_log_density,
    kl_divergence,
    log_likelihoods,
    monte_carlo,
    posterior,
    sample_categorical,
)
from dlbasic.losses.cross_entropy import cross_entropy_from_probabilities

inf, nan = math.inf, math.nan
shapes = st.tuples(st.integers(1, 6), st.integers(1, 9))
seeds = st.integers(0, 99)
means = st.floats(-1e3, 1e3)
deviations = st.floats(1e-3, 1e3)


def rows(shape, seed=0, scale=3.0):
    """Probability rows, from nearly even ones to nearly certain ones, none of them zero."""
    generator = torch.Generator().manual_seed(seed)
    logits = scale * torch.randn(shape, generator=generator, dtype=torch.float64)
    return logits.softmax(dim=1)


def number(x, *, requires_grad=False):
    return torch.tensor(x, dtype=torch.float64, requires_grad=requires_grad)


def gradients(value, inputs):
    return torch.autograd.grad(value.sum(), inputs, retain_graph=True)


class TestEntropyAndKL:
    @settings(max_examples=40)
    @given(shape=shapes, seed=seeds)
    def test_equal_scipy(self, shape, seed):
        p, q = rows(shape, seed), rows(shape, seed + 100)
        expected = torch.from_numpy(stats.entropy(p.numpy(), axis=1)).view(-1)
        torch.testing.assert_close(entropy(p), expected, rtol=1e-12, atol=1e-14)
        expected = torch.from_numpy(stats.entropy(p.numpy(), q.numpy(), axis=1)).view(-1)
        torch.testing.assert_close(kl_divergence(p, q), expected, rtol=1e-12, atol=1e-14)

    @settings(max_examples=40)
    @given(shape=shapes, seed=seeds)
    def test_value_and_gradient_equal_torch(self, shape, seed):
        """Torch works on logits, so a small sum of large terms is rounded in another order."""
        logits = torch.randn(2, *shape, generator=torch.Generator().manual_seed(seed)).double()
        ours, theirs = logits.clone().requires_grad_(), logits.clone().requires_grad_()
        p, q = ours.softmax(dim=2)
        p_reference, q_reference = (distributions.Categorical(logits=x) for x in theirs)
        for value, expected in (
            (entropy(p), p_reference.entropy()),
            (kl_divergence(p, q), distributions.kl_divergence(p_reference, q_reference)),
        ):
            torch.testing.assert_close(value, expected, rtol=1e-12, atol=1e-13)
            (gradient,) = gradients(value, ours)
            (expected_gradient,) = gradients(expected, theirs)
            torch.testing.assert_close(gradient, expected_gradient, rtol=1e-12, atol=1e-13)

    def test_gradcheck(self):
        logits = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0)).double()
        assert torch.autograd.gradcheck(
            lambda x: (entropy(x[0].softmax(1)), kl_divergence(*x.softmax(2))),
            (logits.requires_grad_(),),
        )

    @settings(max_examples=40)
    @given(shape=shapes, seed=seeds, scale=st.sampled_from([0.01, 1.0, 10.0]))
    def test_kl_is_positive_unless_the_rows_are_equal(self, shape, seed, scale):
        p, q = rows(shape, seed, scale), rows(shape, seed + 100, scale)
        assert (kl_divergence(p, q) >= -1e-14).all()
        assert (kl_divergence(p, p) == 0).all()
        apart = (p - q).abs().sum(dim=1)
        assert (kl_divergence(p, q) >= apart.square() / 2 - 1e-14).all()  # Pinsker's inequality

    @settings(max_examples=40)
    @given(shape=shapes, seed=seeds)
    def test_the_entropy_lies_between_zero_and_the_logarithm_of_the_classes(self, shape, seed):
        p = rows(shape, seed)
        assert (entropy(p) >= 0).all()
        assert (entropy(p) <= math.log(shape[1]) + 1e-14).all()
        even = torch.full(shape, 1 / shape[1], dtype=torch.float64)
        torch.testing.assert_close(entropy(even), number(math.log(shape[1])).expand(shape[0]))

    @settings(max_examples=40)
    @given(shape=shapes, seed=seeds)
    def test_cross_entropy_is_entropy_and_kl(self, shape, seed):
        p, q = rows(shape, seed), rows(shape, seed + 100)
        total = cross_entropy_from_probabilities(q, p)
        torch.testing.assert_close((entropy(p) + kl_divergence(p, q)).mean(), total)

    def test_zeros(self):
        certain, even = number([[1.0, 0.0]]), number([[0.5, 0.5]])
        assert entropy(certain) == 0
        assert kl_divergence(certain, certain) == 0
        assert kl_divergence(certain, even) == math.log(2)
        assert kl_divergence(even, certain) == inf
        assert kl_divergence(certain, certain.flip(1)) == inf

    def test_a_class_that_is_never_drawn_has_no_gradient(self):
        p = number([[0.25, 0.75, 0.0]], requires_grad=True)
        q = number([[0.5, 0.5, 0.0]], requires_grad=True)
        found = gradients(kl_divergence(p, q), (p, q)) + gradients(entropy(p), p)
        assert all(torch.isfinite(gradient).all() for gradient in found)
        assert [gradient[0, 2].item() for gradient in found] == [0, 0, 0]
        torch.testing.assert_close(found[1][0, :2], -p.detach()[0, :2] / q.detach()[0, :2])

    @pytest.mark.parametrize("name", ["p", "q"])
    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ([[0.5, 0.4]], "must sum to 1 in every row, got 0.9 in row 0"),
            ([[1.5, -0.5]], "must not be negative, got -0.5"),
            ([[nan, 1.0]], "must be finite, got 1 NaN or infinite values"),
            ([[1, 0]], "must be floating point, got torch.int64"),
        ],
    )
    def test_refuses_what_is_no_row(self, name, row, words, refuses):
        bad, good = torch.tensor(row), torch.tensor([[0.5, 0.5]])
        with refuses(f"{name} {words}"):
            kl_divergence(*((bad, good) if name == "p" else (good, bad)))
        with refuses(f"p {words}"):
            entropy(bad)

    def test_refuses_other_shapes(self, refuses):
        with refuses("q must have the shape of p, (2, 1), got (1, 2)"):
            kl_divergence(torch.ones(2, 1), torch.full((1, 2), 0.5))
        with refuses("p must have the axes (example, class), got the shape (2,)"):
            entropy(torch.tensor([0.5, 0.5]))
        with refuses("p must not be empty, got the shape (0, 2)"):
            entropy(torch.zeros(0, 2))


class TestGaussian:
    @settings(max_examples=40)
    @given(mean=means, deviation=deviations, seed=seeds)
    def test_density_and_gradient_equal_torch(self, mean, deviation, seed):
        noise = torch.randn(7, generator=torch.Generator().manual_seed(seed)).double()
        values = (mean + deviation * noise).requires_grad_()
        gaussian = number(mean, requires_grad=True), number(deviation**2, requires_grad=True)
        value = gaussian_log_density(values, *gaussian)
        expected = distributions.Normal(gaussian[0], gaussian[1].sqrt()).log_prob(values)
        close = partial(torch.testing.assert_close, rtol=1e-9, atol=1e-9)  # (x - mean)² cancels
        close(value, expected)
        ours = gradients(value, (values, *gaussian))
        theirs = gradients(expected, (values, *gaussian))
        for gradient, expected_gradient in zip(ours, theirs, strict=True):
            close(gradient, expected_gradient)

    @settings(max_examples=40)
    @given(p=st.tuples(means, deviations), q=st.tuples(means, deviations))
    def test_kl_and_gradient_equal_torch(self, p, q):
        gaussian = [number(x, requires_grad=True) for x in (p[0], p[1] ** 2, q[0], q[1] ** 2)]
        value = gaussian_kl(*gaussian)
        p_mean, p_variance, q_mean, q_variance = gaussian
        expected = distributions.kl_divergence(
            distributions.Normal(p_mean, p_variance.sqrt()),
            distributions.Normal(q_mean, q_variance.sqrt()),
        )
        torch.testing.assert_close(value, expected, rtol=1e-11, atol=1e-11)
        ours, theirs = gradients(value, gaussian), gradients(expected, gaussian)
        for gradient, expected_gradient in zip(ours, theirs, strict=True):
            torch.testing.assert_close(gradient, expected_gradient, rtol=1e-9, atol=1e-9)
        assert value >= -1e-12

    def test_gradcheck(self):
        gaussian = [number(x, requires_grad=True) for x in (0.3, 2.0, -1.0, 0.7)]
        values = torch.linspace(-2, 2, 5, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(gaussian_kl, gaussian)
        assert torch.autograd.gradcheck(gaussian_log_density, (values, *gaussian[:2]))

    def test_kl_is_zero_only_for_equal_ones_and_differs_by_direction(self):
        p, q = (number(1.0), number(4.0)), (number(1.0), number(1.0))
        assert gaussian_kl(*p, *p) == 0
        assert gaussian_kl(*p, *q) > 1.2 * gaussian_kl(*q, *p) > 0
        assert gaussian_kl(*p, number(1.1), number(4.0)) > 0

    @pytest.mark.parametrize("variance", [0.0, -1.0])
    def test_refuses_a_variance_that_is_not_positive(self, variance, refuses):
        good, bad = number(1.0), number(variance)
        with refuses(f"variance must be positive, got {variance}"):
            gaussian_log_density(torch.zeros(1), good, bad)
        with refuses(f"p_variance must be positive, got {variance}"):
            gaussian_kl(good, bad, good, good)
        with refuses(f"q_variance must be positive, got {variance}"):
            gaussian_kl(good, good, good, bad)

    def test_refuses_what_is_not_one_number(self, refuses):
        with refuses("mean must have the axes (), got the shape (1,)"):
            gaussian_log_density(torch.zeros(1), torch.zeros(1), number(1.0))
        with refuses("values must have the axes (value), got the shape (1, 1)"):
            gaussian_log_density(torch.zeros(1, 1), number(0.0), number(1.0))
        with refuses("q_mean must be finite, got 1 NaN or infinite values"):
            gaussian_kl(number(0.0), number(1.0), number(nan), number(1.0))


class TestPosterior:
    @settings(max_examples=40)
    @given(shape=shapes, seed=seeds)
    def test_is_the_softmax_of_the_logarithms(self, shape, seed):
        prior, likelihoods = rows((1, shape[1]), seed)[0], 10 * rows(shape, seed + 100)
        expected = (prior.log() + likelihoods.log()).softmax(dim=1)
        torch.testing.assert_close(posterior(prior, likelihoods), expected, rtol=1e-12, atol=0)

    def test_gradcheck(self):
        logits = torch.randn(3, 4, generator=torch.Generator().manual_seed(0)).double()
        assert torch.autograd.gradcheck(
            lambda x: posterior(x[0].softmax(0), x[1:].exp()), (logits.requires_grad_(),)
        )

    def test_by_hand(self):
        got = posterior(number([0.25, 0.75, 0.0]), number([[0.6, 0.2, 1.0], [0.0, 0.1, 0.9]]))
        torch.testing.assert_close(got, number([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]]))

    @settings(max_examples=40)
    @given(seed=seeds)
    def test_two_observations_at_once_are_one_after_the_other(self, seed):
        prior, (first, second) = rows((1, 5), seed)[0], rows((2, 5), seed + 100)
        at_once = posterior(prior, (first * second)[None])
        in_a_row = posterior(posterior(prior, first[None])[0], second[None])
        torch.testing.assert_close(at_once, in_a_row, rtol=1e-12, atol=0)

    def test_refuses(self, refuses):
        prior, likelihoods = torch.tensor([0.5, 0.5]), torch.tensor([[0.1, 0.2]])
        with refuses("prior must sum to 1, got 1.5"):
            posterior(prior + 0.25, likelihoods)
        with refuses("prior must have the axes (class), got the shape (1, 2)"):
            posterior(prior[None], likelihoods)
        with refuses("likelihoods must have 2 classes, got 1"):
            posterior(prior, likelihoods[:, :1])
        with refuses("likelihoods must have the axes (example, class), got the shape (2,)"):
            posterior(prior, likelihoods[0])
        with refuses("likelihoods must not be negative, got -0.1"):
            posterior(prior, -likelihoods[:, :1].repeat(1, 2))
        with refuses("likelihoods must be positive for a class of the prior, got only zeros"):
            posterior(torch.tensor([1.0, 0.0]), torch.tensor([[0.0, 1.0]]))


class TestNaiveBayes:
    pixels = torch.rand(60, 7, generator=torch.Generator().manual_seed(0)) < 0.4
    classes = torch.arange(60) % 3

    @settings(max_examples=40)
    @given(seed=seeds, num_pixels=st.integers(1, 9), num_classes=st.integers(2, 5))
    def test_equals_scikit_learn(self, seed, num_pixels, num_classes):
        generator = torch.Generator().manual_seed(seed)
        pixels = torch.rand(40, num_pixels, generator=generator) < 0.5
        classes = torch.arange(40).remainder(7).clamp(max=num_classes - 1)
        model = fit_naive_bayes(pixels, classes)
        library = BernoulliNB().fit(pixels, classes)
        for ours, theirs in (
            (model.prior.log(), library.class_log_prior_),
            (model.ink.log(), library.feature_log_prob_),
            (
                log_likelihoods(model, pixels) + model.prior.log(),
                library.predict_joint_log_proba(pixels),
            ),
        ):
            torch.testing.assert_close(ours, torch.from_numpy(theirs), rtol=1e-12, atol=1e-12)

    def test_every_pixel_counts(self):
        model = fit_naive_bayes(self.pixels, self.classes)
        before = log_likelihoods(model, self.pixels[:1])
        for pixel in range(7):
            other = self.pixels[:1].clone()
            other[0, pixel] ^= True
            odds = (model.ink[:, pixel] / (1 - model.ink[:, pixel])).log()
            change = odds if other[0, pixel] else -odds
            torch.testing.assert_close(log_likelihoods(model, other) - before, change[None])

    def test_the_probabilities_of_all_images_sum_to_one(self):
        model = fit_naive_bayes(self.pixels, self.classes)
        images = torch.cartesian_prod(*[torch.tensor([False, True])] * 7)
        total = log_likelihoods(model, images).exp().sum(dim=0)
        torch.testing.assert_close(total, torch.ones(3, dtype=torch.float64))

    def test_refuses(self, refuses):
        with refuses("pixels must be a boolean tensor (example, pixel), got torch.float32"):
            fit_naive_bayes(self.pixels.float(), self.classes)
        with refuses("pixels must have the axes (example, pixel), got the shape (7,)"):
            fit_naive_bayes(self.pixels[0], self.classes)
        with refuses("pixels must not be empty, got the shape (0, 7)"):
            fit_naive_bayes(self.pixels[:0], self.classes[:0])
        with refuses("classes must be a tensor of int64, got torch.float32"):
            fit_naive_bayes(self.pixels, self.classes.float())
        with refuses("classes must have the shape (60,), got (59,)"):
            fit_naive_bayes(self.pixels, self.classes[1:])
        with refuses("classes must not be negative, got -1"):
            fit_naive_bayes(self.pixels, self.classes - 1)
        with refuses("classes must each have an example, got none of class 1"):
            fit_naive_bayes(self.pixels, self.classes * 2)
        model = fit_naive_bayes(self.pixels, self.classes)
        with refuses("pixels must be 7 an image, got 6"):
            log_likelihoods(model, self.pixels[:, 1:])
        with refuses("pixels must be a boolean tensor (example, pixel), got torch.int64"):
            log_likelihoods(NaiveBayes(*model), self.pixels.long())


class TestSampleCategorical:
    @settings(max_examples=40)
    @given(seed=seeds, num_classes=st.integers(1, 6))
    def test_the_shares_are_the_probabilities(self, seed, num_classes):
        p = rows((1, num_classes), seed, scale=1.0)[0]
        draws = sample_categorical(p, 20_000, generator=torch.Generator().manual_seed(seed))
        shares = draws.bincount(minlength=num_classes) / len(draws)
        assert ((shares - p).abs() <= 5 * (p * (1 - p) / 20_000).sqrt() + 1e-12).all()

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    def test_what_has_no_probability_is_never_drawn(self, dtype):
        p = torch.tensor([0.0, 0.1, 0.0, 0.7, 0.2, 0.0], dtype=dtype)
        draws = sample_categorical(p, 100_000, generator=torch.Generator().manual_seed(0))
        assert draws.unique().tolist() == [1, 3, 4]

    @pytest.mark.parametrize(
        ("point", "lost", "expected"), [(0.0, 0.0, 1), (0.25, 0.0, 3), (1 - 2**-53, 1e-7, 3)]
    )
    def test_the_ends_of_the_ruler(self, point, lost, expected, monkeypatch):
        monkeypatch.setattr(
            torch, "rand", lambda *_, dtype, **__: torch.tensor([point], dtype=dtype)
        )
        p = torch.tensor([0.0, 0.25, 0.0, 0.75 - lost, 0.0])  # what was lost in rounding
        (draw,) = sample_categorical(p, 1, generator=torch.Generator())
        assert draw == expected

    def test_the_generator_decides(self):
        p = torch.full((5,), 0.2)
        first, again, other = (
            sample_categorical(p, 50, generator=torch.Generator().manual_seed(s)) for s in (0, 0, 1)
        )
        assert torch.equal(first, again)
        assert not torch.equal(first, other)

    def test_refuses(self, refuses):
        generator = torch.Generator()
        with refuses("probabilities must sum to 1, got 2"):
            sample_categorical(torch.ones(2), 1, generator=generator)
        with refuses("probabilities must not be negative, got -1"):
            sample_categorical(torch.tensor([2.0, -1.0]), 1, generator=generator)
        with refuses("probabilities must have the axes (class), got the shape (1, 1)"):
            sample_categorical(torch.ones(1, 1), 1, generator=generator)
        with refuses("num_draws must be positive, got 0"):
            sample_categorical(torch.ones(1), 0, generator=generator)


class TestMonteCarlo:
    @settings(max_examples=40)
    @given(
        shape=st.tuples(st.integers(1, 5), st.integers(2, 30)),
        seed=seeds,
        scale=st.sampled_from([1e-6, 1.0, 1e6]),
        level=st.floats(0.01, 0.999),
    )
    def test_equals_scipy(self, shape, seed, scale, level):
        draws = scale * torch.randn(shape, generator=torch.Generator().manual_seed(seed)).double()
        got = monte_carlo(draws, level=level)
        mean, error = draws.numpy().mean(axis=1), stats.sem(draws.numpy(), axis=1)
        reference = (mean, error, *stats.norm.interval(level, loc=mean, scale=error))
        for ours, theirs in zip(got, reference, strict=True):
            expected = torch.from_numpy(theirs)  # 1e-9: the two inverse distribution functions
            torch.testing.assert_close(ours, expected, rtol=1e-9, atol=1e-12 * scale)

    def test_gradcheck(self):
        draws = torch.randn(2, 5, generator=torch.Generator().manual_seed(0)).double()
        assert torch.autograd.gradcheck(lambda x: tuple(monte_carlo(x)), (draws.requires_grad_(),))

    @pytest.mark.parametrize("level", [0.5, 0.95])
    def test_the_interval_holds_the_expectation_as_often_as_it_says(self, level):
        draws = torch.rand(4000, 100, generator=torch.Generator().manual_seed(0)).double()
        _, _, low, high = monte_carlo(draws, level=level)
        share = ((low <= 0.5) & (high >= 0.5)).double().mean()
        assert abs(share - level) < 0.02

    def test_four_times_the_draws_halve_the_error(self):
        once = torch.randn(1, 50, generator=torch.Generator().manual_seed(0)).double()
        ratio = monte_carlo(once).standard_error / monte_carlo(once.repeat(1, 4)).standard_error
        torch.testing.assert_close(ratio, number([2 * (199 / 196) ** 0.5]))

    def test_refuses(self, refuses):
        with refuses("draws must have the axes (repeat, draw), got the shape (3,)"):
            monte_carlo(torch.zeros(3))
        with refuses("draws must be at least 2 a row, got 1"):
            monte_carlo(torch.zeros(3, 1))
        with refuses("draws must be finite, got 1 NaN or infinite values"):
            monte_carlo(torch.tensor([[0.0, inf]]))
        with refuses("draws must not be empty, got the shape (0, 2)"):
            monte_carlo(torch.zeros(0, 2))
        for level in (0.0, 1.0, nan):
            with refuses(f"level must lie between 0 and 1, got {level}"):
                monte_carlo(torch.zeros(1, 2), level=level)


@pytest.mark.parametrize(
    ("function", "inputs", "words"),
    [
        (entropy, [[[1.0]]], "p must be a tensor (example, class), got list"),
        (
            kl_divergence,
            [torch.ones(1, 1), [[1.0]]],
            "q and p must be tensors, got list and Tensor",
        ),
        (posterior, [[1.0], torch.ones(1, 1)], "prior must be a tensor (class), got list"),
        (gaussian_log_density, [torch.ones(1), 0.0, 1.0], "mean must be a tensor (), got float"),
        (gaussian_kl, [number(0.0), 1.0] * 2, "p_variance must be a tensor (), got float"),
        (monte_carlo, [[[1.0, 2.0]]], "draws must be a tensor (repeat, draw), got list"),
        (fit_naive_bayes, [[[True]], [0]], "pixels must be a boolean tensor (example, pixel), got"),
        (fit_naive_bayes, [torch.ones(1, 1).bool(), [0]], "classes must be a tensor of int64, got"),
    ],
)
def test_lists_and_numbers_are_refused(function, inputs, words, refuses):
    with refuses(words):
        function(*inputs)
