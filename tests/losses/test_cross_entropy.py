"""Parity with `torch.nn.functional`, gradients, extremes, properties, and what is refused."""

from math import inf, log

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from dlbasic.losses.cross_entropy import (
    cross_entropy,
    cross_entropy_from_probabilities,
    cross_entropy_gradient,
    log_softmax,
    smooth_labels,
    softmax,
)

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))
scales = st.sampled_from([1e-6, 1.0, 30.0, 1e4, 1e30])
seeds = st.integers(0, 99)


def draw(shape, scale=1.0, seed=0):
    """Logits, class indices, their one-hot rows, and soft rows."""
    generator = torch.Generator().manual_seed(seed)
    logits = scale * torch.randn(shape, generator=generator, dtype=torch.float64)
    classes = torch.randint(shape[1], shape[:1], generator=generator)
    soft = torch.rand(shape, generator=generator, dtype=torch.float64)
    return logits, classes, one_hot(classes, shape[1]), soft / soft.sum(dim=1, keepdim=True)


def one_hot(classes, num_classes):
    return functional.one_hot(classes, num_classes).double()


def value_and_gradient(loss, scores):
    leaf = scores.clone().requires_grad_()
    value = loss(leaf)
    (gradient,) = torch.autograd.grad(value, leaf)
    return value.detach(), gradient


def assert_equal(ours, reference, tolerance=1e-12):
    for mine, theirs in zip(ours, reference, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=tolerance, atol=tolerance)


class TestParity:
    @given(shape=shapes, scale=scales, seed=seeds)
    def test_hard_targets_equal_class_indices_of_torch(self, shape, scale, seed):
        logits, classes, hard, _ = draw(shape, scale, seed)
        assert_equal(
            value_and_gradient(lambda z: cross_entropy(z, hard), logits),
            value_and_gradient(lambda z: functional.cross_entropy(z, classes), logits),
        )

    @given(shape=shapes, scale=scales, seed=seeds)
    def test_soft_targets(self, shape, scale, seed):
        logits, _, _, soft = draw(shape, scale, seed)
        assert_equal(
            value_and_gradient(lambda z: cross_entropy(z, soft), logits),
            value_and_gradient(lambda z: functional.cross_entropy(z, soft), logits),
        )

    @given(shape=shapes, seed=seeds, smoothing=st.floats(0, 1))
    def test_smoothed_targets(self, shape, seed, smoothing):
        logits, classes, hard, soft = draw(shape, 3.0, seed)
        for ours, theirs in ((hard, classes), (soft, soft)):
            smoothed = smooth_labels(ours, smoothing=smoothing)
            assert_equal(
                value_and_gradient(lambda z, y=smoothed: cross_entropy(z, y), logits),
                value_and_gradient(
                    lambda z, y=theirs: functional.cross_entropy(z, y, label_smoothing=smoothing),
                    logits,
                ),
            )

    def test_the_default_smoothing_is_a_tenth(self):
        _, _, hard, _ = draw((5, 4))
        assert torch.equal(smooth_labels(hard), smooth_labels(hard, smoothing=0.1))
        assert not torch.equal(smooth_labels(hard), hard)

    @given(shape=shapes, seed=seeds)
    def test_probabilities_equal_the_negative_log_likelihood_of_torch(self, shape, seed):
        logits, classes, hard, _ = draw(shape, 3.0, seed)
        assert_equal(
            value_and_gradient(
                lambda p: cross_entropy_from_probabilities(p, hard), torch.softmax(logits, dim=1)
            ),
            value_and_gradient(
                lambda p: functional.nll_loss(p.log(), classes), torch.softmax(logits, dim=1)
            ),
        )

    @given(shape=shapes, seed=seeds)
    def test_probabilities_and_logits_agree(self, shape, seed):
        logits, _, _, soft = draw(shape, 3.0, seed)
        assert_equal(
            value_and_gradient(
                lambda z: cross_entropy_from_probabilities(softmax(z), soft), logits
            ),
            value_and_gradient(lambda z: cross_entropy(z, soft), logits),
        )

    @given(shape=shapes, scale=scales, seed=seeds)
    def test_softmax_and_its_logarithm(self, shape, scale, seed):
        logits = draw(shape, scale, seed)[0]
        assert_equal([softmax(logits)], [torch.softmax(logits, dim=1)])
        assert_equal([log_softmax(logits)], [torch.log_softmax(logits, dim=1)])


class TestGradients:
    def test_gradcheck_in_the_logits(self):
        logits, _, hard, soft = draw((4, 3))
        for targets in (hard, soft):
            assert torch.autograd.gradcheck(cross_entropy, (logits.requires_grad_(), targets))
        assert torch.autograd.gradcheck(softmax, logits)
        assert torch.autograd.gradcheck(log_softmax, logits)

    def test_gradcheck_where_logits_tie(self):
        logits = torch.zeros(2, 3, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(cross_entropy, (logits, draw((2, 3))[3]))
        assert torch.autograd.gradgradcheck(cross_entropy, (logits, draw((2, 3))[3]))

    def test_gradcheck_in_both_when_both_stay_on_the_simplex(self):
        def loss(a, b):
            return cross_entropy_from_probabilities(softmax(a), softmax(b))

        logits, _, _, soft = draw((4, 3))
        assert torch.autograd.gradcheck(loss, (logits.requires_grad_(), soft.requires_grad_()))

    @given(shape=shapes, scale=scales, seed=seeds)
    def test_the_written_gradient_is_the_gradient_and_its_rows_sum_to_zero(
        self, shape, scale, seed
    ):
        logits, _, hard, soft = draw(shape, scale, seed)
        for targets in (hard, soft):
            written = cross_entropy_gradient(logits, targets)
            _, expected = value_and_gradient(lambda z, y=targets: cross_entropy(z, y), logits)
            assert_equal([written], [expected])
            assert written.sum(dim=1).abs().max() < 1e-14


class TestExtremes:
    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    @pytest.mark.parametrize("size", [1e4, 1e30])
    def test_large_logits_are_finite_and_right(self, dtype, size):
        logits = torch.tensor(
            [[size, -size, 0.0], [-size, -size, 0.0], [size, size, -size]], dtype=dtype
        )
        exact = torch.tensor(
            [[0.0, -2 * size, -size], [-size, -size, 0.0], [-log(2), -log(2), -2 * size - log(2)]],
            dtype=dtype,
        )
        torch.testing.assert_close(log_softmax(logits), exact, rtol=1e-6, atol=0)
        for column in range(3):
            targets = one_hot(torch.full((3,), column), 3).to(dtype)
            value, gradient = value_and_gradient(lambda z, y=targets: cross_entropy(z, y), logits)
            torch.testing.assert_close(value, -exact[:, column].mean(), rtol=1e-6, atol=0)
            torch.testing.assert_close(gradient, (exact.exp() - targets) / 3)

    def test_a_spread_beyond_float32_is_infinite_only_where_it_is_a_target(self):
        logits = torch.tensor([[3e38, -3e38]])
        for targets, loss in (([[1.0, 0.0]], 0.0), ([[0.0, 1.0]], inf)):
            targets = torch.tensor(targets)
            value, gradient = value_and_gradient(lambda z, y=targets: cross_entropy(z, y), logits)
            assert value == loss
            assert torch.equal(gradient, torch.tensor([[1.0, 0.0]]) - targets)

    def test_zero_probability_counts_nothing_where_the_target_is_zero(self):
        probabilities = torch.tensor([[1.0, 0.0], [0.5, 0.5]], dtype=torch.float64)
        targets = torch.tensor([[1.0, 0.0], [0.0, 1.0]], dtype=torch.float64)
        value, gradient = value_and_gradient(
            lambda p: cross_entropy_from_probabilities(p, targets), probabilities
        )
        assert value == pytest.approx(log(2) / 2, rel=1e-15)
        assert gradient.tolist() == [[-0.5, 0.0], [0.0, -1.0]]

    def test_zero_probability_of_a_target_is_infinite_and_never_nan(self):
        probabilities = torch.tensor([[1.0, 0.0], [0.5, 0.5]], dtype=torch.float64)
        targets = torch.tensor([[0.25, 0.75], [0.0, 1.0]], dtype=torch.float64)
        value, gradient = value_and_gradient(
            lambda p: cross_entropy_from_probabilities(p, targets), probabilities
        )
        assert value == inf
        assert gradient.tolist() == [[-0.125, -inf], [0.0, -1.0]]

    @pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
    def test_the_softmax_of_many_classes_is_accepted_in_every_precision(self, dtype):
        probabilities = softmax(draw((4, 20_000), 2.0)[0].to(dtype))
        value = cross_entropy_from_probabilities(probabilities, probabilities)
        assert value.dtype == dtype
        assert value.isfinite()


class TestProperties:
    @given(shape=shapes, seed=seeds, shift=st.floats(-1e3, 1e3))
    def test_adding_a_number_to_all_logits_changes_nothing(self, shape, seed, shift):
        logits, _, _, soft = draw(shape, 3.0, seed)
        shifted = logits + shift * soft[:, :1]  # another number for every example
        assert_equal(
            value_and_gradient(lambda z: cross_entropy(z, soft), shifted),
            value_and_gradient(lambda z: cross_entropy(z, soft), logits),
            tolerance=1e-11,  # the sum of a logit and the shift is rounded at the shift's size
        )

    @given(shape=shapes, seed=seeds)
    def test_no_prediction_beats_the_targets_themselves(self, shape, seed):
        logits, _, _, soft = draw(shape, 1.0, seed)
        floor = cross_entropy_from_probabilities(soft, soft)
        assert cross_entropy(logits, soft) >= floor - 1e-12
        torch.testing.assert_close(cross_entropy(soft.log(), soft), floor)

    @given(shape=shapes, seed=seeds)
    def test_repeated_examples_change_nothing_and_permuted_classes_neither(self, shape, seed):
        logits, _, _, soft = draw(shape, 1.0, seed)
        expected = cross_entropy(logits, soft)
        torch.testing.assert_close(cross_entropy(logits.repeat(2, 1), soft.repeat(2, 1)), expected)
        torch.testing.assert_close(cross_entropy(logits.flip(1), soft.flip(1)), expected)

    @given(num_classes=st.integers(1, 50))
    def test_equal_logits_cost_the_logarithm_of_the_number_of_classes(self, num_classes):
        logits = torch.full((2, num_classes), 7.0, dtype=torch.float64)
        value = cross_entropy(logits, one_hot(torch.zeros(2, dtype=torch.int64), num_classes))
        assert value.item() == pytest.approx(log(num_classes), abs=1e-14)

    def test_the_loss_depends_on_every_logit_and_every_target(self):
        logits, _, hard, soft = draw((3, 4))
        before = cross_entropy(logits, soft)
        for example in range(3):
            for column in range(4):
                nudged = logits.clone()
                nudged[example, column] += 0.1
                assert cross_entropy(nudged, soft) != before
            swapped = soft.clone()
            swapped[example] = hard[example]
            assert cross_entropy(logits, swapped) != before


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (cross_entropy, "logits"),
        (cross_entropy_gradient, "logits"),
        (cross_entropy_from_probabilities, "probabilities"),
    ],
)
class TestRefuses:
    def test_class_indices(self, function, name, refuses):
        with refuses("targets must be one-hot rows of shape (example, class), got (8,)"):
            function(torch.full((8, 4), 0.25), torch.zeros(8, dtype=torch.int64))

    def test_integer_rows(self, function, name, refuses):
        with refuses("targets must be floating point, got torch.int64"):
            function(torch.full((8, 4), 0.25), torch.eye(4, dtype=torch.int64).repeat(2, 1))

    def test_shapes_that_torch_would_broadcast(self, function, name, refuses):
        with refuses(f"targets must have the shape of {name}, (4, 4), got (1, 4)"):
            function(torch.full((4, 4), 0.25), torch.full((1, 4), 0.25))

    def test_one_axis(self, function, name, refuses):
        with refuses(f"targets must have the shape of {name}, (2,), got (1, 2)"):
            function(torch.tensor([0.5, 0.5]), torch.tensor([[0.5, 0.5]]))

    @pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
    def test_empty(self, function, name, refuses, shape):
        with refuses(f"targets must not be empty, got the shape {shape}"):
            function(torch.zeros(shape), torch.zeros(shape))

    @pytest.mark.parametrize("bad", [float("nan"), inf])
    @pytest.mark.parametrize("place", [0, 1])
    def test_not_finite(self, function, name, refuses, bad, place):
        pair = [torch.tensor([[0.5, 0.5]]), torch.tensor([[0.5, 0.5]])]
        pair[place][0, 1] = bad
        with refuses(f"{(name, 'targets')[place]} must be finite, got 1 NaN or infinite values"):
            function(*pair)

    def test_integer_scores(self, function, name, refuses):
        with refuses(f"{name} must be floating point, got torch.int64"):
            function(torch.eye(2, dtype=torch.int64), torch.eye(2))

    def test_lists(self, function, name, refuses):
        with refuses(f"targets and {name} must be tensors, got Tensor and list"):
            function([[0.5, 0.5]], torch.eye(2))
        with refuses("targets must be a tensor (example, class), got list"):
            function(torch.eye(2), [[0.5, 0.5]])

    def test_targets_that_do_not_sum_to_one(self, function, name, refuses):
        with refuses("targets must sum to 1 in every row, got 2 in row 1"):
            function(torch.eye(2), torch.tensor([[0.0, 1.0], [1.0, 1.0]]))

    def test_negative_targets(self, function, name, refuses):
        with refuses("targets must not be negative, got -0.5"):
            function(torch.eye(2), torch.tensor([[0.0, 1.0], [1.5, -0.5]]))


class TestRefusesProbabilities:
    @pytest.mark.parametrize(
        ("dtype", "slip"), [(torch.float64, 2e-6), (torch.float32, 1e-3), (torch.bfloat16, 0.25)]
    )
    def test_rows_that_do_not_sum_to_one(self, refuses, dtype, slip):
        rows = torch.tensor([[0.5, 0.5], [0.5, 0.5 + slip]], dtype=dtype)
        targets = torch.eye(2, dtype=dtype)
        with refuses("probabilities must sum to 1 in every row, got 1."):
            cross_entropy_from_probabilities(rows, targets)

    def test_negative_ones(self, refuses):
        with refuses("probabilities must not be negative, got -0.25"):
            cross_entropy_from_probabilities(torch.tensor([[1.25, -0.25]]), torch.eye(2)[:1])

    def test_logits(self, refuses):
        with refuses("probabilities must sum to 1 in every row, got 4 in row 0"):
            cross_entropy_from_probabilities(torch.tensor([[3.0, 1.0]]), torch.eye(2)[:1])


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_softmax_refuses(function, refuses):
    with refuses("logits must have the axes (example, class), got the shape (4,)"):
        function(torch.zeros(4))
    with refuses("logits must be finite, got 1 NaN or infinite values"):
        function(torch.tensor([[0.0, -inf]]))
    with refuses("logits must not be empty, got the shape (0, 2)"):
        function(torch.zeros(0, 2))
    with refuses("logits must be a tensor (example, class), got list"):
        function([[0.0]])


class TestSmoothLabelsRefuses:
    @pytest.mark.parametrize("smoothing", [-0.1, 1.1, float("nan")])
    def test_a_part_outside_of_zero_and_one(self, smoothing, refuses):
        with refuses(f"smoothing must be in [0, 1], got {smoothing}"):
            smooth_labels(torch.eye(2), smoothing=smoothing)

    def test_what_is_no_probability_row(self, refuses):
        with refuses("targets must be one-hot rows of shape (example, class), got (2,)"):
            smooth_labels(torch.tensor([0, 1]))
        with refuses("targets must sum to 1 in every row, got 0.5 in row 0"):
            smooth_labels(torch.tensor([[0.5, 0.0]]))
