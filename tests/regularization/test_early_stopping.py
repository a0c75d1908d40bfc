"""Patience to the letter, weights that are really restored, and the two ways to shrink a weight."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Ridge
from torch import nn

from dlbasic.regularization.early_stopping import (
    EarlyStopping,
    equal_decay,
    kept_by_decay,
    kept_by_stopping,
)

WRONG_COUNTS: list[Any] = [-1, 2.5]


def stopped_at(losses, patience):
    """The index at which a run with these losses is told to stop, and the index of its best."""
    model = nn.Linear(1, 1, bias=False)
    stopping = EarlyStopping(model, patience=patience)
    index = -1
    for index, loss in enumerate(losses):
        nn.init.constant_(model.weight, index)
        if stopping.should_stop(float(loss)):
            break
    stopping.restore()
    return index, int(model.weight.item())


@pytest.mark.parametrize(
    ("losses", "patience", "stop", "best"),
    [
        ([3, 2, 1, 2, 0], 0, 3, 2),  # patience 0: the first loss that is no better
        ([3, 2, 1, 2, 0], 1, 4, 4),  # it waits for one more, and that is better
        ([3, 2, 1, 2, 3, 0], 1, 4, 2),
        ([1, 1, 1, 1], 0, 1, 0),  # a tie is no improvement, and the first one is kept
        ([1, 1, 1, 1], 2, 3, 0),
        ([2, 3, 1, 3, 2], 1, 4, 2),  # an improvement sets the count back
        ([1, 2, 3], 5, 2, 0),  # the losses end before the patience does
        ([5, 4, 3], 0, 2, 2),
        ([-1, -2, -1], 0, 2, 1),  # losses may be negative
        ([0.0, -0.0], 0, 1, 0),
    ],
)
def test_it_stops_and_restores_where_it_should(losses, patience, stop, best):
    assert stopped_at(losses, patience) == (stop, best)


@given(losses=st.lists(st.integers(0, 4), min_size=1, max_size=12), patience=st.integers(0, 5))
def test_it_is_the_definition_of_patience(losses, patience):
    # the end: the first index with `patience + 1` losses in a row that are not below the minimum
    ends = [
        end
        for end in range(patience + 1, len(losses))
        if min(losses[: end - patience]) <= min(losses[end - patience : end + 1])
    ]
    stop = ends[0] if ends else len(losses) - 1
    seen = losses[: stop + 1]
    assert stopped_at(losses, patience) == (stop, seen.index(min(seen)))


def test_the_best_weights_are_copies():
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    stopping = EarlyStopping(model, patience=0)
    stopping.should_stop(1.0)
    best = {name: weight.clone() for name, weight in model.state_dict().items()}
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    for _ in range(3):
        model(torch.randn(8, 2)).square().sum().backward()  # moves the running averages as well
        optimizer.step()
    for name, weight in model.state_dict().items():
        assert not torch.equal(weight, best[name]), name
    stopping.should_stop(2.0)
    stopping.restore()
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, best[name]), name
    optimizer.step()  # training on after restoring must not spoil the copy either
    stopping.restore()
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, best[name]), name


def test_restoring_changes_the_weights_that_an_optimizer_holds():
    model = nn.Linear(1, 1)
    weight = model.weight
    stopping = EarlyStopping(model, patience=0)
    stopping.should_stop(1.0)
    with torch.no_grad():
        weight += 1
    stopping.restore()
    assert model.weight is weight
    assert weight.requires_grad


@pytest.mark.parametrize("loss", [math.nan, math.inf, -math.inf, float("nan")])
def test_a_loss_that_is_no_number_is_refused_and_not_noted(loss, refuses):
    model = nn.Linear(1, 1)
    stopping = EarlyStopping(model, patience=1)
    with refuses("validation_loss must be finite"):
        stopping.should_stop(loss)
    with refuses("must have noted a loss"):
        stopping.restore()
    assert not stopping.should_stop(3.0)
    with refuses("got"):
        stopping.should_stop(loss)
    assert (stopping.best_loss, stopping.waited) == (3.0, 0)


@pytest.mark.parametrize("patience", [-1, 1.0, math.nan, None, True, "3"])
def test_a_patience_that_is_no_count_is_refused(patience, refuses):
    with refuses("patience must be an integer of 0 or more"):
        EarlyStopping(nn.Linear(1, 1), patience=patience)


def quadratic(seed=0, examples=50, dims=4):
    generator = torch.Generator().manual_seed(seed)
    scales = torch.tensor([3.0, 1.0, 0.3, 0.1], dtype=torch.float64)[:dims]
    features = torch.randn(examples, dims, generator=generator, dtype=torch.float64) * scales
    targets = torch.randn(examples, generator=generator, dtype=torch.float64)
    curvatures, directions = torch.linalg.eigh(features.T @ features / examples)
    minimum = torch.linalg.lstsq(features, targets[:, None]).solution[:, 0]
    return features, targets, curvatures, directions, minimum


@pytest.mark.parametrize("steps", [0, 1, 2, 10, 300])
@pytest.mark.parametrize("seed", range(3))
def test_stopping_keeps_what_gradient_descent_keeps(steps, seed):
    features, targets, curvatures, directions, minimum = quadratic(seed)
    weights = torch.zeros(4, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weights], lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        ((features @ weights - targets).square().mean() / 2).backward()
        optimizer.step()
    kept = kept_by_stopping(curvatures, learning_rate=0.1, steps=steps)
    ours = directions @ (kept * (directions.T @ minimum))
    torch.testing.assert_close(weights.detach(), ours, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("decay", [1e-3, 0.1, 10.0])
@pytest.mark.parametrize("seed", range(3))
def test_decay_keeps_what_ridge_regression_keeps(decay, seed):
    features, targets, curvatures, directions, minimum = quadratic(seed)
    ridge = Ridge(alpha=decay * len(features), fit_intercept=False, solver="cholesky")
    expected = ridge.fit(features.numpy(), targets.numpy()).coef_
    ours = directions @ (kept_by_decay(curvatures, decay=decay) * (directions.T @ minimum))
    np.testing.assert_allclose(ours.numpy(), expected, rtol=1e-10, atol=1e-12)


@given(
    strides=st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=5),
    learning_rate=st.sampled_from([1e-3, 0.1, 2.0]),
    steps=st.sampled_from([1, 2, 7, 100]),
)
def test_equal_decay_makes_the_two_equal_in_every_direction(strides, learning_rate, steps):
    curvatures = torch.tensor(strides, dtype=torch.float64) / learning_rate
    setting = {"learning_rate": learning_rate, "steps": steps}
    decays = equal_decay(curvatures, **setting)
    kept = torch.stack(
        [
            kept_by_decay(curvature[None], decay=decay.item())[0]
            if decay > 0
            else curvature * 0 + 1
            for curvature, decay in zip(curvatures, decays, strict=True)
        ]
    )
    expected = -torch.expm1(steps * torch.log1p(-curvatures * learning_rate))
    torch.testing.assert_close(kept, expected, rtol=1e-12, atol=1e-12)
    expected = kept_by_stopping(curvatures, **setting)
    torch.testing.assert_close(kept, expected, rtol=1e-6, atol=1e-12)


def test_flat_directions_decay_as_one_over_time_and_steep_ones_hardly():
    curvatures = torch.tensor([1e-8, 1.0], dtype=torch.float64)
    flat, steep = equal_decay(curvatures, learning_rate=0.1, steps=100)
    assert flat.item() == pytest.approx(1 / (0.1 * 100), rel=1e-5)
    assert steep < flat / 1000


def test_more_steps_keep_more_and_more_decay_keeps_less():
    curvatures = torch.tensor([0.0, 0.1, 1.0], dtype=torch.float64)
    kept = torch.stack(
        [kept_by_stopping(curvatures, learning_rate=0.5, steps=steps) for steps in (0, 1, 9)]
    )
    assert (kept[:, 0] == 0).all()
    assert (kept[:, 1:].diff(dim=0) > 0).all()
    kept = torch.stack([kept_by_decay(curvatures, decay=decay) for decay in (0.1, 1.0, 9.0)])
    assert (kept[:, 0] == 0).all()
    assert (kept[:, 1:].diff(dim=0) < 0).all()


def test_what_is_wrong_is_refused(refuses):
    good = torch.ones(2)
    setting = {"learning_rate": 0.1, "steps": 3}
    for function in (kept_by_stopping, equal_decay):
        with refuses("curvatures must have the axes (direction)"):
            function(torch.ones(2, 2), **setting)
        with refuses("curvatures must be finite"):
            function(torch.tensor([math.nan, 1.0]), **setting)
        with refuses("curvatures must not be negative, got -1"):
            function(torch.tensor([-1.0, 1.0]), **setting)
        for learning_rate in (0.0, -1.0, math.nan, math.inf):
            with refuses("learning_rate must be positive and finite"):
                function(good, learning_rate=learning_rate, steps=3)
        for steps in WRONG_COUNTS:
            with refuses("steps must be an integer"):
                function(good, learning_rate=0.1, steps=steps)
    with refuses("steps must be an integer of 1 or more, got 0"):
        equal_decay(good, learning_rate=0.1, steps=0)
    for curvature, rate in itertools.product((0.0, 11.0), (0.1,)):
        with refuses("learning_rate times curvatures must be in (0, 1]"):
            equal_decay(torch.tensor([curvature, 1.0]), learning_rate=rate, steps=3)
    with refuses("curvatures must not be empty"):
        kept_by_decay(torch.ones(0), decay=1.0)
    with refuses("curvatures must not be negative"):
        kept_by_decay(-good, decay=1.0)
    for decay in (0.0, -1.0, math.nan, math.inf):
        with refuses("decay must be positive and finite"):
            kept_by_decay(good, decay=decay)
