"""Parity with `torch.linalg`, scikit-learn and autograd, properties, and what is refused."""

from itertools import islice, pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import pairwise as sklearn_pairwise

from dlbasic.foundations.linear_algebra import (
    cosine_similarity,
    curvature,
    forward_products,
    gradient_descent,
    largest_stable_rate,
    layer_jacobians,
    low_rank,
    power_iteration,
    pull_back,
    tanh_network,
)
from dlbasic.losses.mse import mse

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))
scales = st.sampled_from([1e-6, 1.0, 1e6])
seeds = st.integers(0, 99)


def random(*shape, scale=1.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return scale * torch.randn(*shape, generator=generator, dtype=torch.float64)


def symmetric(eigenvalues, seed=0):
    """Return a matrix with these eigenvalues, and its eigenvectors as columns."""
    turn = torch.linalg.qr(random(len(eigenvalues), len(eigenvalues), seed=seed)).Q
    matrix = turn * torch.tensor(eigenvalues, dtype=torch.float64) @ turn.T
    return (matrix + matrix.T) / 2, turn


def same(got, expected, tolerance=1e-12):
    torch.testing.assert_close(got, expected, rtol=tolerance, atol=0)


class TestCosineSimilarity:
    @given(shape=shapes, keys=st.integers(1, 9), scale=scales, seed=seeds)
    def test_equals_scikit_learn_and_torch(self, shape, keys, scale, seed):
        query, key = random(*shape, scale=scale, seed=seed), random(keys, shape[1], seed=seed + 1)
        ours = cosine_similarity(query, key)
        expected = sklearn_pairwise.cosine_similarity(query, key)
        torch.testing.assert_close(ours, torch.tensor(expected), rtol=0, atol=1e-14)
        library = torch.nn.functional.cosine_similarity(query[:, None], key[None], dim=2, eps=1e-30)
        torch.testing.assert_close(ours, library, rtol=0, atol=1e-14)

    def test_gradcheck_of_both_inputs(self):
        inputs = random(3, 4).requires_grad_(), random(2, 4, seed=1).requires_grad_()
        assert torch.autograd.gradcheck(cosine_similarity, inputs)

    def test_length_does_not_count_and_direction_does(self):
        query, key = random(3, 5), random(4, 5, seed=1)
        same(cosine_similarity(7 * query, key / 3), cosine_similarity(query, key), 1e-13)
        same(cosine_similarity(-query, key), -cosine_similarity(query, key))
        assert torch.allclose(
            cosine_similarity(query, query).diagonal(), torch.tensor(1.0).double()
        )


class TestLowRank:
    @given(shape=shapes, scale=scales, seed=seeds, data=st.data())
    def test_the_error_is_the_root_of_what_was_dropped(self, shape, scale, seed, data):
        matrix = random(*shape, scale=scale, seed=seed)
        rank = data.draw(st.integers(1, min(shape)))
        left, right = low_rank(matrix, rank=rank)
        assert left.shape == (shape[0], rank)
        assert right.shape == (rank, shape[1])
        dropped = torch.linalg.svdvals(matrix)[rank:].square().sum().sqrt()
        error = (matrix - left @ right).norm()
        torch.testing.assert_close(error, dropped, rtol=1e-10, atol=1e-13 * matrix.norm().item())

    @given(shape=st.tuples(st.integers(3, 9), st.integers(3, 9)), seed=seeds)
    def test_no_neighbour_of_the_factors_and_no_other_matrix_is_nearer(self, shape, seed):
        matrix = random(*shape, seed=seed)
        left, right = low_rank(matrix, rank=2)
        error = (matrix - left @ right).norm()
        moved = left + 1e-3 * random(*left.shape, seed=seed + 1)
        assert (matrix - moved @ right).norm() > error
        basis = torch.linalg.qr(matrix @ random(shape[1], 2, seed=seed + 2)).Q
        assert (matrix - basis @ (basis.T @ matrix)).norm() >= error

    def test_equals_torch_pca_lowrank_s_product(self):
        matrix = random(40, 6)
        left, right = low_rank(matrix, rank=3)
        torch.manual_seed(0)
        u, s, v = torch.pca_lowrank(matrix, q=6, center=False, niter=8)
        same(left @ right, (u[:, :3] * s[:3]) @ v[:, :3].T, 1e-9)  # that one iterates

    def test_gradcheck_of_the_product(self):
        def product(matrix):
            left, right = low_rank(matrix, rank=2)
            return left @ right

        assert torch.autograd.gradcheck(product, random(5, 4).requires_grad_())

    def test_a_matrix_of_that_rank_is_kept(self):
        matrix = random(7, 2) @ random(2, 5, seed=1)
        left, right = low_rank(matrix, rank=2)
        torch.testing.assert_close(left @ right, matrix, rtol=0, atol=1e-13)


class TestPowerIteration:
    @given(
        rest=st.lists(st.floats(-0.9, 0.9), min_size=0, max_size=8),
        sign=st.sampled_from([-1, 1]),
        scale=scales,
        seed=seeds,
    )
    def test_equals_eigh(self, rest, sign, scale, seed):
        matrix, _ = symmetric([sign * scale, *(scale * value for value in rest)], seed)
        value, vector = power_iteration(matrix, tolerance=1e-9)
        eigenvalues, eigenvectors = torch.linalg.eigh(matrix)
        top = eigenvalues.abs().argmax()
        same(value, eigenvalues[top])
        assert abs(vector @ eigenvectors[:, top]) > 1 - 1e-12
        same(vector.norm(), torch.ones(()).double())

    def test_the_gradient_of_the_value_is_that_of_eigvalsh(self):
        matrix = symmetric([3.0, 1.0, 0.5])[0].requires_grad_()
        ours = power_iteration(matrix, tolerance=1e-12).value
        (gradient,) = torch.autograd.grad(ours, matrix)
        (expected,) = torch.autograd.grad(torch.linalg.eigvalsh(matrix)[-1], matrix)
        gradient = (gradient + gradient.T) / 2  # only its symmetric half can be told apart
        torch.testing.assert_close(gradient, expected, rtol=0, atol=1e-9)

    def test_two_equal_largest_eigenvalues(self):
        matrix, _ = symmetric([2.0, 2.0, 1.0])
        value, vector = power_iteration(matrix, tolerance=1e-9)
        same(value, torch.tensor(2.0).double())
        torch.testing.assert_close(matrix @ vector, 2 * vector, rtol=0, atol=1e-8)

    def test_the_zero_matrix_and_one_number(self):
        assert power_iteration(torch.zeros(3, 3)).value == 0
        assert power_iteration(torch.tensor([[-4.0]])).value == -4

    @given(size=st.integers(1, 60), seed=seeds)
    def test_float32(self, size, seed):
        features = random(2 * size, size, seed=seed).float()
        gram = features.T @ features
        same(power_iteration(gram).value, torch.linalg.eigvalsh(gram)[-1], 1e-4)

    def test_opposite_eigenvalues_have_no_winner(self, refuses):
        with refuses("matrix must have a largest eigenvalue, got none after 50 steps"):
            power_iteration(torch.tensor([[0.0, 1.0], [1.0, 0.0]]), max_steps=50)

    def test_it_gives_up_after_so_many_steps(self, refuses):
        matrix, _ = symmetric([1.0, 0.9])
        assert power_iteration(matrix, max_steps=300).value == pytest.approx(1.0)
        with refuses("got none after 3 steps"):
            power_iteration(matrix, max_steps=3)


class TestLearningRate:
    @settings(max_examples=30)
    @given(shape=shapes, scale=scales, seed=seeds)
    def test_the_curvature_is_the_hessian_of_mean_squared_error(self, shape, scale, seed):
        features, targets = random(*shape, scale=scale, seed=seed), random(shape[0], 1)

        def loss(weights):
            return mse(features @ weights[:, None], targets)

        expected = torch.autograd.functional.hessian(
            loss, torch.zeros(shape[1], dtype=torch.float64)
        )
        largest = expected.abs().max().item()
        torch.testing.assert_close(curvature(features), expected, rtol=0, atol=1e-13 * largest)

    @given(shape=shapes, scale=scales, seed=seeds)
    def test_the_limit_is_two_by_the_largest_eigenvalue(self, shape, scale, seed):
        hessian = curvature(random(*shape, scale=scale, seed=seed))
        expected = 2 / torch.linalg.eigvalsh(hessian)[-1].item()
        assert largest_stable_rate(hessian) == pytest.approx(expected, rel=1e-6)

    @pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
    @pytest.mark.parametrize("seed", [0, 2])
    def test_below_the_limit_it_converges_and_above_it_explodes(self, scale, seed):
        features, targets = random(12, 3, scale=scale, seed=seed), random(12, seed=seed + 1)
        best = torch.linalg.lstsq(features, targets[:, None]).solution[:, 0]
        limit = largest_stable_rate(curvature(features))
        for factor, converges in {0.99: True, 1.01: False}.items():
            descent = gradient_descent(features, targets, learning_rate=factor * limit)
            start, *_, end = ((step.weights - best).norm() for step in islice(descent, 800))
            assert (end < 0.01 * start) if converges else (end > 100 * start)

    @pytest.mark.parametrize("shape", [(1, 1), (1, 4), (7, 3), (9, 9)])
    @pytest.mark.parametrize("seed", [0, 2])
    def test_descent_equals_torch_sgd(self, shape, seed):
        features, targets = random(*shape, seed=seed), random(shape[0], seed=seed + 1)
        weights = torch.zeros(shape[1], dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([weights], lr=0.01)
        for step in islice(gradient_descent(features, targets, learning_rate=0.01), 20):
            loss = mse((features @ weights)[:, None], targets[:, None])
            torch.testing.assert_close(step.weights, weights.detach(), rtol=1e-12, atol=1e-14)
            assert step.loss == pytest.approx(loss.item(), rel=1e-12)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def test_each_eigendirection_shrinks_by_its_own_factor(self):
        features, targets = random(20, 4), random(20, seed=1)
        best = torch.linalg.lstsq(features, targets[:, None]).solution[:, 0]
        eigenvalues, directions = torch.linalg.eigh(curvature(features))
        steps = islice(gradient_descent(features, targets, learning_rate=0.1), 6)
        away = [(step.weights - best) @ directions for step in steps]
        for before, after in pairwise(away):
            same(after, (1 - 0.1 * eigenvalues) * before, 1e-11)

    def test_the_weights_that_were_yielded_do_not_change(self):
        steps = list(islice(gradient_descent(random(5, 2), random(5), learning_rate=0.1), 3))
        assert torch.equal(steps[0].weights, torch.zeros(2).double())
        assert not torch.equal(steps[1].weights, steps[2].weights)


class TestJacobian:
    @settings(max_examples=40)
    @given(layers=st.integers(1, 6), size=st.integers(1, 7), seed=seeds)
    def test_the_product_is_the_jacobian_by_autograd(self, layers, size, seed):
        weights, inputs = random(layers, size, size, seed=seed), random(size, seed=seed + 1)
        products = list(forward_products(layer_jacobians(weights, inputs)))
        assert len(products) == layers
        for depth, product in enumerate(products, start=1):
            expected = torch.func.jacrev(tanh_network, 1)(weights[:depth], inputs)
            torch.testing.assert_close(product, expected, rtol=1e-11, atol=1e-14)

    def test_each_layer_is_the_jacobian_at_the_place_that_it_gets(self):
        weights, inputs = random(3, 4, 4), random(4, seed=1)
        for weight, jacobian in zip(weights, layer_jacobians(weights, inputs), strict=True):
            expected = torch.func.jacrev(lambda x, w=weight: torch.tanh(w @ x))(inputs)
            same(jacobian, expected, 1e-11)
            inputs = torch.tanh(weight @ inputs)

    def test_the_network_is_that_of_torch(self):
        weights, inputs = random(3, 4, 4), random(4, seed=1)
        modules = []
        for weight in weights:
            linear = torch.nn.Linear(4, 4, bias=False, dtype=torch.float64)
            linear.weight.data = weight
            modules += [linear, torch.nn.Tanh()]
        same(tanh_network(weights, inputs), torch.nn.Sequential(*modules)(inputs).detach())

    @settings(max_examples=40)
    @given(layers=st.integers(1, 6), size=st.integers(1, 7), seed=seeds)
    def test_pulling_back_is_backward(self, layers, size, seed):
        weights, inputs = random(layers, size, size, seed=seed), random(size, seed=seed + 1)
        gradient = random(size, seed=seed + 2)
        ours = pull_back(gradient, layer_jacobians(weights, inputs))
        inputs.requires_grad_()
        (expected,) = torch.autograd.grad(tanh_network(weights, inputs), inputs, gradient)
        torch.testing.assert_close(ours, expected, rtol=1e-10, atol=1e-14)

    def test_gradcheck(self):
        weights, inputs = random(2, 3, 3).requires_grad_(), random(3, seed=1).requires_grad_()
        assert torch.autograd.gradcheck(tanh_network, (weights, inputs))
        assert torch.autograd.gradcheck(layer_jacobians, (weights, inputs))
        jacobians = random(2, 3, 3, seed=2).requires_grad_()
        assert torch.autograd.gradcheck(pull_back, (inputs, jacobians))

    def test_turns_keep_every_length(self):
        turns = torch.linalg.qr(random(50, 8, 8)).Q
        *_, product = forward_products(turns)
        same(torch.linalg.svdvals(product), torch.ones(8).double(), 1e-13)


ONE_TENSOR = {
    "matrix must": lambda tensor: low_rank(tensor, rank=1),
    "matrix must ": power_iteration,
    "queries must": lambda tensor: cosine_similarity(tensor, torch.ones(2, 2)),
    "keys must": lambda tensor: cosine_similarity(torch.ones(2, 2), tensor),
    "features must": curvature,
    "features must ": lambda tensor: next(
        gradient_descent(tensor, torch.ones(2), learning_rate=0.1)
    ),
}


@pytest.mark.parametrize("words", ONE_TENSOR)
class TestRefusesAMatrixThat:
    def test_is_a_list(self, words, refuses):
        with refuses(f"{words.strip()} be a tensor"):
            ONE_TENSOR[words]([[1.0]])

    def test_has_one_axis(self, words, refuses):
        with refuses(f"{words.strip()} have the axes"):
            ONE_TENSOR[words](torch.ones(2))

    @pytest.mark.parametrize("shape", [(0, 2), (2, 0)])
    def test_is_empty(self, words, refuses, shape):
        with refuses(f"{words.strip()} not be empty, got the shape {shape}"):
            ONE_TENSOR[words](torch.zeros(shape))

    @pytest.mark.parametrize("bad", [float("nan"), float("inf")])
    def test_is_not_finite(self, words, refuses, bad):
        with refuses(f"{words.strip()} be finite, got 1 NaN or infinite values"):
            ONE_TENSOR[words](torch.tensor([[1.0, 0.0], [0.0, bad]]))

    def test_holds_integers(self, words, refuses):
        with refuses(f"{words.strip()} be floating point, got torch.int64"):
            ONE_TENSOR[words](torch.ones(2, 2, dtype=torch.int64))


class TestRefuses:
    @pytest.mark.parametrize("rank", [0, -1, 3, 1.5])
    def test_a_rank_that_the_matrix_cannot_have(self, rank, refuses):
        with refuses(f"rank must be from 1 to 2, got {rank}"):
            low_rank(torch.ones(2, 5), rank=rank)

    def test_rows_without_a_direction(self, refuses):
        with refuses("keys must have a direction, got 1 rows of zeros"):
            cosine_similarity(torch.ones(1, 2), torch.tensor([[1.0, 0.0], [0.0, 0.0]]))

    def test_queries_and_keys_of_different_dimensions(self, refuses):
        with refuses("queries and keys must have as many dimensions, got 2 and 3"):
            cosine_similarity(torch.ones(1, 2), torch.ones(1, 3))

    def test_a_matrix_that_is_not_square_or_not_symmetric(self, refuses):
        with refuses("matrix must be square, got the shape (2, 3)"):
            power_iteration(torch.ones(2, 3))
        with refuses("matrix must be symmetric, got entries that differ by 1"):
            power_iteration(torch.tensor([[1.0, 1.0], [0.0, 1.0]]))

    @pytest.mark.parametrize("settings", [{"tolerance": 0.0}, {"max_steps": 0}])
    def test_settings_that_are_not_positive(self, settings, refuses):
        with refuses("settings must be positive, got"):
            power_iteration(torch.eye(2), **settings)

    @pytest.mark.parametrize("value", [0.0, -1.0])
    def test_a_loss_without_curvature(self, value, refuses):
        with refuses("hessian must have a positive largest eigenvalue, got"):
            largest_stable_rate(value * torch.eye(2))

    def test_targets_of_another_length(self, refuses):
        with refuses("targets must be as many as features, 3, got 1"):
            next(gradient_descent(torch.ones(3, 2), torch.ones(1), learning_rate=0.1))
        with refuses("targets must have the axes (example), got the shape (3, 1)"):
            next(gradient_descent(torch.ones(3, 2), torch.ones(3, 1), learning_rate=0.1))

    @pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
    def test_learning_rates(self, rate, refuses):
        with refuses(f"learning_rate must be positive and finite, got {rate}"):
            next(gradient_descent(torch.ones(3, 2), torch.ones(3), learning_rate=rate))

    @pytest.mark.parametrize("function", [tanh_network, layer_jacobians])
    def test_networks_that_do_not_fit(self, function, refuses):
        with refuses("weights must be square, got the shape (1, 2, 3)"):
            function(torch.ones(1, 2, 3), torch.ones(3))
        with refuses("weights must not be empty, got the shape (0, 2, 2)"):
            function(torch.ones(0, 2, 2), torch.ones(2))
        with refuses("inputs must have 2 numbers, got 1"):
            function(torch.ones(1, 2, 2), torch.ones(1))
        with refuses("inputs must be finite, got 1 NaN or infinite values"):
            function(torch.ones(1, 2, 2), torch.tensor([0.0, float("nan")]))

    def test_jacobians_that_do_not_fit(self, refuses):
        with refuses("jacobians must be square, got the shape (1, 2, 3)"):
            next(forward_products(torch.ones(1, 2, 3)))
        with refuses("jacobians must have the axes (layer, dim, dim), got the shape (2, 2)"):
            pull_back(torch.ones(2), torch.ones(2, 2))
        with refuses("gradient must have 2 numbers, got 3"):
            pull_back(torch.ones(3), torch.ones(1, 2, 2))
