"""Identities of the average to 1e-10, Jensen, members side by side equal to members alone."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from dlbasic.losses.cross_entropy import cross_entropy, cross_entropy_from_probabilities
from dlbasic.regularization.bench import Examples, Network, load_problem
from dlbasic.regularization.bench import train as train_alone
from dlbasic.regularization.ensembles import (
    average_logits,
    average_probabilities,
    decompose_log_loss,
    decompose_squared_error,
    error_correlation,
    train,
)

shapes = st.tuples(st.integers(1, 6), st.integers(1, 5), st.integers(2, 5))
several = st.tuples(st.integers(2, 6), st.integers(1, 5), st.integers(2, 5))
seeds = st.integers(0, 99)
scales = st.sampled_from([1e-3, 1.0, 30.0])


def randn(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def equal(value):
    return pytest.approx(value, rel=1e-10, abs=1e-10)


class TestAverages:
    @given(shape=shapes, scale=scales, seed=seeds)
    def test_are_what_their_names_say(self, shape, scale, seed):
        logits = scale * randn(*shape, seed=seed)
        p = logits.softmax(2)
        arithmetic = sum(p[1:], start=p[0]) / len(p)
        torch.testing.assert_close(average_probabilities(logits), arithmetic, rtol=1e-12, atol=0)
        product = (p.clamp_min(1e-300) ** (1 / len(p))).prod(0)
        geometric = product / product.sum(1, keepdim=True)
        torch.testing.assert_close(average_logits(logits), geometric, rtol=1e-9, atol=1e-12)

    @given(shape=shapes, scale=scales, seed=seeds)
    def test_are_never_worse_than_the_average_member(self, shape, scale, seed):
        logits = scale * randn(*shape, seed=seed)
        targets = randn(*shape[1:], seed=seed + 1).softmax(1)
        of_members = sum(cross_entropy(member, targets).item() for member in logits) / len(logits)
        for average in (average_probabilities, average_logits):
            loss = cross_entropy_from_probabilities(average(logits), targets).item()
            assert loss <= of_members * (1 + 1e-12)

    def test_may_be_worse_than_the_best_member(self):
        logits = torch.tensor([[[5.0, 0.0]], [[0.0, 5.0]]])
        targets = torch.tensor([[1.0, 0.0]])
        best = cross_entropy(logits[0], targets)
        for average in (average_probabilities, average_logits):
            assert cross_entropy_from_probabilities(average(logits), targets) > best

    def test_one_doubt_counts_for_the_geometric_mean_only(self):
        logits = torch.tensor([[[4.0, 0.0, 0.0]], [[-20.0, 0.0, 0.0]]])
        assert average_probabilities(logits)[0, 0] > 0.45
        assert average_logits(logits)[0, 0] < 0.001

    @given(shape=shapes, seed=seeds)
    def test_of_equal_members_are_the_member(self, shape, seed):
        member = randn(*shape[1:], seed=seed)
        for average in (average_probabilities, average_logits):
            probabilities = average(member.expand(shape))
            torch.testing.assert_close(probabilities, member.softmax(1), rtol=1e-12, atol=0)

    @given(shape=shapes, seed=seeds)
    def test_ignore_the_order_and_depend_on_every_member(self, shape, seed):
        logits = randn(*shape, seed=seed)
        for average in (average_probabilities, average_logits):
            torch.testing.assert_close(average(logits.flip(0)), average(logits))
            for k in range(len(logits)):
                other = logits.clone()
                other[k, :, 0] += 3
                assert (average(other)[:, 0] > average(logits)[:, 0]).all()


class TestDecompositions:
    @given(shape=shapes, scale=scales, seed=seeds)
    def test_squared_error_is_that_of_the_average_and_the_spread(self, shape, scale, seed):
        predictions = scale * randn(*shape, seed=seed)
        targets = randn(*shape[1:], seed=seed + 1)
        members, average, spread = decompose_squared_error(predictions, targets)
        assert members == equal(average + spread)
        distance = (predictions - targets).square().sum(2)
        assert members == equal(distance.mean().item())
        assert average == equal(
            nn.functional.mse_loss(predictions.mean(0), targets).item() * shape[2]
        )

    @given(shape=several, seed=seeds)
    def test_the_spread_is_half_the_squared_distance_of_two_members(self, shape, seed):
        predictions = randn(*shape, seed=seed)
        apart = (predictions[:, None] - predictions[None]).square().sum(-1).mean().item()
        _, _, spread = decompose_squared_error(predictions, torch.zeros_like(predictions[0]))
        assert spread == equal(apart / 2)

    @given(shape=shapes, scale=scales, seed=seeds)
    def test_log_loss_is_that_of_the_geometric_mean_and_the_divergence(self, shape, scale, seed):
        logits = scale * randn(*shape, seed=seed)
        targets = randn(*shape[1:], seed=seed + 1).softmax(1)
        members, average, spread = decompose_log_loss(logits, targets)
        assert members == equal(average + spread)
        losses = [cross_entropy(member, targets).item() for member in logits]
        assert members == equal(sum(losses) / len(losses))
        log_average = logits.mean(0).log_softmax(1)
        assert average == equal(-(targets * log_average).sum(1).mean().item())
        assert spread >= -1e-12

    @given(shape=several, seed=seeds)
    def test_the_spread_ignores_the_targets(self, shape, seed):
        predictions = randn(*shape, seed=seed)
        first, second = (randn(*shape[1:], seed=seed + k).softmax(1) for k in (1, 2))
        for decompose in (decompose_squared_error, decompose_log_loss):
            one, other = decompose(predictions, first), decompose(predictions, second)
            assert one.spread == equal(other.spread)
            assert one.members != other.members

    def test_equal_members_have_no_spread(self):
        predictions = randn(4, 3).expand(5, 4, 3)
        targets = randn(4, 3, seed=1).softmax(1)
        for decompose in (decompose_squared_error, decompose_log_loss):
            members, average, spread = decompose(predictions, targets)
            assert spread == equal(0)
            assert members == equal(average)


class TestCorrelation:
    @given(shape=several, scale=scales, seed=seeds)
    def test_gives_the_error_of_the_average(self, shape, scale, seed):
        predictions, targets = scale * randn(*shape, seed=seed), randn(*shape[1:], seed=seed + 1)
        m, rho = shape[0], error_correlation(predictions, targets)
        members, average, _ = decompose_squared_error(predictions, targets)
        assert average == equal((1 / m + (1 - 1 / m) * rho) * members)

    @given(shape=several, seed=seeds)
    def test_is_the_mean_over_pairs(self, shape, seed):
        errors, count = randn(*shape, seed=seed), shape[0]
        products = [
            (errors[j] * errors[k]).sum().item()
            for j in range(count)
            for k in range(count)
            if j != k
        ]
        squares = [(error * error).sum().item() for error in errors]
        expected = (sum(products) / len(products)) / (sum(squares) / len(squares))
        assert error_correlation(errors, torch.zeros(shape[1:]).double()) == equal(expected)

    def test_is_one_for_equal_members_and_nil_for_independent_errors(self):
        truth = torch.zeros(20_000, 1).double()
        error = randn(20_000, 1)
        assert error_correlation(torch.stack([error, error]), truth) == equal(1)
        assert error_correlation(torch.stack([error, -error]), truth) == equal(-1)
        assert abs(error_correlation(randn(5, 20_000, 1), truth)) < 0.02


def double(examples):
    return Examples(*(part.double() for part in examples))


class TestTrain:
    parts = tuple(double(load_problem(seed=seed).train) for seed in (0, 1, 2))

    def networks(self, count=3, hidden=(16, 8)):
        return [Network(seed=seed, hidden=hidden).double() for seed in range(count)]

    def test_a_member_is_what_the_bench_would_have_made_of_it(self):
        together, alone = self.networks(), self.networks()
        steps = list(train(together, self.parts, seeds=(5, 6, 7), steps=60))
        assert [step.step for step in steps] == list(range(1, 61))
        for k, network in enumerate(alone):
            own = list(train_alone(network, self.parts[k], seed=5 + k, steps=60))
            losses = [step.losses[k].item() for step in steps]
            assert losses == pytest.approx([step.loss for step in own], rel=1e-10)
            for ours, theirs in zip(together[k].parameters(), network.parameters(), strict=True):
                torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-10)

    def test_it_learns_and_each_member_may_be_used_between_two_steps(self):
        networks = self.networks()
        inputs = self.parts[0].inputs[:4]
        before = networks[1](inputs)
        run = train(networks, self.parts, seeds=range(3), steps=150)
        assert torch.equal(networks[1](inputs), before)
        first = next(run)
        assert not torch.allclose(networks[1](inputs), before)
        assert list(run)[-1].losses.max() < first.losses.min() * 0.75

    def test_settings_are_used(self):
        ends = []
        for setting in ({}, {"batch_size": 9}, {"learning_rate": 1e-4}, {"seeds": (1, 1, 1)}):
            networks = self.networks()
            list(train(networks, self.parts, **{"seeds": (0, 0, 0), "steps": 3, **setting}))
            ends.append(networks[0](self.parts[0].inputs[:4]).detach())
        for k, end in enumerate(ends):
            assert not any(torch.allclose(end, other) for other in ends[k + 1 :])

    def test_refuses_what_does_not_pair_up(self, refuses):
        with refuses("members, examples and seeds must be as many, 1 or more, got 3, 3 and 2"):
            train(self.networks(), self.parts, seeds=(0, 1))
        with refuses("members, examples and seeds must be as many, 1 or more, got 0, 0 and 0"):
            train([], [], seeds=[])

    @pytest.mark.parametrize("name", ["steps", "batch_size", "learning_rate"])
    def test_refuses_settings_that_are_not_positive(self, name, refuses):
        with refuses("steps, batch_size and learning_rate must be positive, got "):
            train(self.networks(), self.parts, seeds=range(3), **{name: 0})

    def test_refuses_members_that_differ_or_remember(self, refuses):
        others = [*self.networks(2), *self.networks(1, hidden=(16, 9))]
        with refuses("members must be networks of one shape, without buffers"):
            train(others, self.parts, seeds=range(3))
        normalized = [Network(seed=0, insert=nn.BatchNorm1d).double()]
        with refuses("members must be networks of one shape, without buffers"):
            train(normalized, self.parts[:1], seeds=[0])

    def test_refuses_examples_that_are_not_equally_many(self, refuses):
        fewer = Examples(*(part[1:] for part in self.parts[0]))
        with refuses("examples must be equally many for every member, got "):
            train(self.networks(), (*self.parts[:2], fewer), seeds=range(3))


class TestRefuses:
    @pytest.mark.parametrize("average", [average_probabilities, average_logits])
    def test_what_is_no_stack_of_logits(self, average, refuses):
        with refuses("logits must have the axes (member, example, class), got the shape (2, 3)"):
            average(torch.ones(2, 3))
        with refuses("logits must be finite, got 1 NaN or infinite values"):
            average(torch.tensor([[[1.0, math.nan]]]))
        with refuses("logits must not be empty"):
            average(torch.ones(0, 2, 3))

    @pytest.mark.parametrize(
        ("function", "name"),
        [
            (decompose_squared_error, "predictions"),
            (error_correlation, "predictions"),
            (decompose_log_loss, "logits"),
        ],
    )
    def test_targets_that_do_not_fit(self, function, name, refuses):
        words = f"targets must have the shape of the {name} of a member, (4, 3), got (4, 1)"
        with refuses(words):
            function(torch.ones(2, 4, 3), torch.ones(4, 1))
        with refuses(f"{name} must have the axes (member, example, "):
            function(torch.ones(4, 3), torch.ones(4, 3))
        with refuses(f"{name} must be finite"):
            function(torch.full([2, 4, 3], math.inf), torch.full([4, 3], 1 / 3))

    def test_targets_that_are_not_finite_or_no_distributions(self, refuses):
        with refuses("targets must be finite"):
            decompose_squared_error(torch.ones(2, 4, 3), torch.full([4, 3], math.nan))
        with refuses("targets must sum to 1 in every row, got 3 in row 0"):
            decompose_log_loss(torch.ones(2, 4, 3), torch.ones(4, 3))

    def test_a_correlation_of_one_member_or_of_none_that_errs(self, refuses):
        with refuses("the members must be two or more, and err, got 1 with the mean squared"):
            error_correlation(torch.ones(1, 4, 3), torch.zeros(4, 3))
        with refuses("got 2 with the mean squared error 0"):
            error_correlation(torch.ones(2, 4, 3), torch.ones(4, 3))
