"""Parity with torch's SGD, Adam and AdamW, where the two kinds part, and what is refused."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from dlbasic.regularization.bench import Examples, Network, load_problem, train
from dlbasic.regularization.weight_decay import SGD, AdamW, penalty, shrunken


def randn(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def walk(make, gradients, start):
    """Every place that the optimizer visits when it is fed these gradients."""
    theta = start.clone().requires_grad_()
    optimizer = make([theta])
    path = [theta.detach().clone()]
    for gradient in gradients:
        theta.grad = gradient.clone()
        optimizer.step()
        path.append(theta.detach().clone())
    return torch.stack(path)


strengths = st.sampled_from([0.0, 1e-3, 0.1, 2.0])
rates = st.sampled_from([1e-3, 0.03, 0.3])


@given(l2=strengths, rate=rates, seed=st.integers(0, 99))
def test_sgd_equals_torch(l2, rate, seed):
    gradients, start = randn(60, 2, 3, seed=seed), randn(2, 3, seed=seed + 1)
    path = walk(lambda p: SGD(p, learning_rate=rate, l2=l2), gradients, start)
    expected = walk(lambda p: torch.optim.SGD(p, lr=rate, weight_decay=l2), gradients, start)
    torch.testing.assert_close(path, expected, rtol=1e-12, atol=1e-12)


@given(
    l2=strengths,
    rate=rates,
    betas=st.sampled_from([(0.9, 0.999), (0.5, 0.9), (0.0, 0.3)]),
    epsilon=st.sampled_from([1e-8, 1e-2]),
    scale=st.sampled_from([1e-4, 1.0, 1e4]),
    seed=st.integers(0, 99),
)
def test_adam_with_either_kind_equals_torch(l2, rate, betas, epsilon, scale, seed):
    gradients, start = scale * randn(60, 2, 3, seed=seed), randn(2, 3, seed=seed + 1)
    ours = {"learning_rate": rate, "beta1": betas[0], "beta2": betas[1], "epsilon": epsilon}
    theirs = {"lr": rate, "betas": betas, "eps": epsilon, "weight_decay": l2}
    for kind, library in (("l2", torch.optim.Adam), ("decay", torch.optim.AdamW)):
        path = walk(lambda p, kind=kind: AdamW(p, **ours, **{kind: l2}), gradients, start)
        expected = walk(lambda p, library=library: library(p, **theirs), gradients, start)
        torch.testing.assert_close(path, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(
    ("ours", "library"),
    [
        (
            lambda p: SGD(p, learning_rate=0.1, decay=0.01),
            lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.01),
        ),
        (
            lambda p: AdamW(p, learning_rate=5e-3, decay=2.0),
            lambda p: torch.optim.AdamW(p, lr=5e-3, weight_decay=2.0),
        ),
        (
            lambda p: AdamW(p, learning_rate=5e-3, l2=0.01),
            lambda p: torch.optim.Adam(p, lr=5e-3, weight_decay=0.01),
        ),
    ],
)
def test_a_training_equals_torchs(ours, library):
    examples = Examples(*(part.double() for part in load_problem(seed=0).train))
    ends = []
    for make in (ours, library):
        network = Network(seed=0).double()
        list(train(network, examples, seed=0, steps=50, optimizer=make))
        ends.append(torch.cat([theta.detach().flatten() for theta in network.parameters()]))
    torch.testing.assert_close(*ends, rtol=0, atol=1e-10)


@given(strength=strengths, seed=st.integers(0, 99))
def test_the_penalty_in_the_loss_is_l2_in_the_optimizer(strength, seed):
    gradient, start = randn(5, seed=seed), randn(5, seed=seed + 1)
    for make in (SGD, AdamW):
        by_loss, by_optimizer = (start.clone().requires_grad_() for _ in range(2))
        first, second = make([by_loss], learning_rate=0.1), make([by_optimizer], learning_rate=0.1)
        second.l2 = strength
        for _ in range(10):
            first.zero_grad()
            second.zero_grad()
            loss = (gradient * by_loss).sum() + penalty([by_loss], strength=strength)
            loss.backward()
            (gradient * by_optimizer).sum().backward()
            first.step()
            second.step()
        torch.testing.assert_close(by_loss, by_optimizer, rtol=1e-12, atol=1e-12)


def test_the_penalty_sums_over_all_parameters():
    parameters = [randn(3, 2), randn(4, seed=1)]
    expected = 0.35 * sum((theta**2).sum() for theta in parameters)
    torch.testing.assert_close(penalty(parameters, strength=0.7), expected)
    assert torch.autograd.gradcheck(lambda x: penalty([x], strength=0.7), randn(3).requires_grad_())


def test_for_sgd_both_kinds_are_one_and_for_adam_they_are_not():
    gradients, start = randn(100, 6), randn(6, seed=1)
    for make, same in ((SGD, True), (AdamW, False)):
        l2, decay = (
            walk(lambda p, m=make, k=kind: m(p, learning_rate=0.05, **{k: 0.1}), gradients, start)
            for kind in ("l2", "decay")
        )
        assert torch.allclose(l2, decay, rtol=1e-12, atol=1e-12) == same


def test_decoupled_every_weight_shrinks_alike_whatever_its_gradients_are():
    scales = 10.0 ** torch.arange(-3, 4, dtype=torch.float64)
    gradients, start = scales * randn(300, 1), torch.zeros(7, dtype=torch.float64)
    setting = {"learning_rate": 0.01, "epsilon": 1e-30}

    def lost(**kind):
        """What decay takes off a start at 1, beside the same walk without decay."""
        free = walk(lambda p: AdamW(p, **setting), gradients, start)
        return 1 + free[-1] - walk(lambda p: AdamW(p, **setting, **kind), gradients, start + 1)[-1]

    decoupled, penalized = lost(decay=0.1), lost(l2=0.1)
    assert decoupled.max() - decoupled.min() < 1e-9
    assert penalized[0] > 3 * decoupled[0]  # small gradients: the penalty is divided by little
    assert penalized[-1] < decoupled[-1] / 10


def test_without_gradients_a_weight_shrinks_by_a_power():
    path = walk(
        lambda p: AdamW(p, learning_rate=0.1, decay=0.5), torch.zeros(20, 1).double(), randn(1)
    )
    torch.testing.assert_close(path[-1], path[0] * 0.95**20, rtol=1e-12, atol=0)


class TestShrunken:
    @given(strength=st.floats(1e-3, 1e3), dim=st.integers(1, 6), seed=st.integers(0, 99))
    def test_solves_the_penalized_quadratic(self, strength, dim, seed):
        root = randn(dim + 2, dim, seed=seed)
        curvature, minimum = root.T @ root, randn(dim, seed=seed + 1)
        expected = torch.linalg.solve(
            curvature + strength * torch.eye(dim, dtype=torch.float64), curvature @ minimum
        )
        got = shrunken(curvature, minimum, strength=strength)
        torch.testing.assert_close(got, expected, rtol=1e-9, atol=1e-10)

    def test_is_where_gradient_descent_with_l2_ends(self):
        root, minimum = randn(6, 3), randn(3, seed=1)
        curvature = root.T @ root / 6
        theta = torch.zeros(3, dtype=torch.float64, requires_grad=True)
        optimizer = SGD([theta], learning_rate=0.3, l2=0.2)
        for _ in range(2000):
            theta.grad = (curvature @ (theta - minimum)).detach()
            optimizer.step()
        expected = shrunken(curvature, minimum, strength=0.2)
        torch.testing.assert_close(theta.detach(), expected, rtol=1e-10, atol=1e-10)

    def test_each_direction_shrinks_by_its_own_factor(self):
        curvature = torch.diag(torch.tensor([0.0, 1.0, 9.0], dtype=torch.float64))
        got = shrunken(curvature, torch.ones(3, dtype=torch.float64), strength=1.0)
        assert got.tolist() == pytest.approx([0.0, 0.5, 0.9])

    def test_refuses_what_does_not_fit(self, refuses):
        eye, ones = torch.eye(2), torch.ones(2)
        with refuses("strength must be positive, finite, got 0.0"):
            shrunken(eye, ones, strength=0.0)
        with refuses("curvature must be symmetric, got a matrix (2, 2)"):
            shrunken(torch.tensor([[1.0, 0.5], [0.0, 1.0]]), ones, strength=1.0)
        with refuses("curvature must be symmetric, got a matrix (3, 2)"):
            shrunken(torch.ones(3, 2), ones, strength=1.0)
        with refuses("curvature must have no negative eigenvalue, got -1"):
            shrunken(torch.diag(torch.tensor([-1.0, 1.0])), ones, strength=1.0)
        with refuses("minimum must have the shape of a row of curvature, (2,), got (3,)"):
            shrunken(eye, torch.ones(3), strength=1.0)
        with refuses("minimum must be finite"):
            shrunken(eye, ones * math.nan, strength=1.0)


class TestRefuses:
    @pytest.mark.parametrize("make", [SGD, AdamW])
    @pytest.mark.parametrize("name", ["l2", "decay"])
    @pytest.mark.parametrize("value", [-1.0, math.inf, math.nan])
    def test_a_decay_that_is_none(self, make, name, value, refuses):
        with refuses(f"{name} must be 0 or more, finite, got {value}"):
            make([torch.zeros(1)], learning_rate=0.1, **{name: value})

    @pytest.mark.parametrize("make", [SGD, AdamW])
    def test_other_settings(self, make, refuses):
        with refuses("learning_rate must be positive, finite, got 0.0"):
            make([torch.zeros(1)], learning_rate=0.0)
        with refuses("parameters must be one or more, got none"):
            make([], learning_rate=0.1)
        with refuses("parameter 0 must be finite"):
            make([torch.tensor([math.nan])], learning_rate=0.1)
        with refuses("every parameter must have a gradient: call backward() before step()"):
            make([torch.zeros(1)], learning_rate=0.1).step()

    @pytest.mark.parametrize(
        ("setting", "words"),
        [
            ({"beta1": 1.0}, "beta1 must be in [0, 1), got 1.0"),
            ({"beta2": -0.1}, "beta2 must be in [0, 1), got -0.1"),
            ({"epsilon": 0.0}, "epsilon must be positive, finite, got 0.0"),
        ],
    )
    def test_the_settings_of_adam(self, setting, words, refuses):
        with refuses(words):
            AdamW([torch.zeros(1)], **setting)

    @pytest.mark.parametrize("strength", [-1.0, math.inf, math.nan])
    def test_a_penalty_that_is_none(self, strength, refuses):
        with refuses(f"strength must be 0 or more, finite, got {strength}"):
            penalty([torch.zeros(1)], strength=strength)


def test_zero_grad_forgets():
    theta = nn.Parameter(torch.ones(2))
    theta.sum().backward()
    SGD([theta], learning_rate=0.1).zero_grad()
    assert theta.grad is None
