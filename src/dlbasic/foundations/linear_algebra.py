"""The linear algebra that deep learning runs on: maps, similarity, rank, curvature, Jacobians.

Source: Eckart and Young, "The Approximation of One Matrix by Another of Lower Rank",
Psychometrika 1(3), 1936, for `low_rank`; Golub and Van Loan, "Matrix Computations", 4th edition,
2013, section 8.2, for `power_iteration`; LeCun, Simard and Pearlmutter, "Automatic Learning Rate
Maximization by On-Line Estimation of the Hessian's Eigenvectors", NIPS 5, 1992, for
`largest_stable_rate`.
"""

import math
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from dlbasic.checks import require_tensor


# --8<-- [start:similarity]
def cosine_similarity(
    queries: Float[Tensor, "query dim"],
    keys: Float[Tensor, "key dim"],
) -> Float[Tensor, "query key"]:
    """Cosine of the angle between each query and each key, from -1 to 1.

    Raises:
        ValueError: If a row is zero, the dimensions differ, or a tensor is empty, not finite or
            not a matrix.
    """
    _require_directions("queries", queries)
    _require_directions("keys", keys)
    if queries.shape[1] != keys.shape[1]:
        sizes = f"{queries.shape[1]} and {keys.shape[1]}"
        raise ValueError(f"queries and keys must have as many dimensions, got {sizes}")
    queries = queries / queries.norm(dim=1, keepdim=True)
    keys = keys / keys.norm(dim=1, keepdim=True)
    return queries @ keys.T


# --8<-- [end:similarity]


# --8<-- [start:low_rank]
def low_rank(
    matrix: Float[Tensor, "row column"], *, rank: int
) -> tuple[Float[Tensor, "row rank"], Float[Tensor, "rank column"]]:
    """Two thin factors whose product is the nearest matrix of this rank (Eckart and Young).

    Raises:
        ValueError: If the matrix has no such rank, is empty, not finite or not a matrix.
    """
    require_tensor("matrix", matrix, "row column")
    if rank not in range(1, min(matrix.shape) + 1):
        raise ValueError(f"rank must be from 1 to {min(matrix.shape)}, got {rank}")
    left, singular_values, right = torch.linalg.svd(matrix, full_matrices=False)
    return left[:, :rank] * singular_values[:rank], right[:rank]


# --8<-- [end:low_rank]


# --8<-- [start:power_iteration]
class EigenPair(NamedTuple):
    """A direction that a matrix only stretches, and by how much."""

    value: Float[Tensor, ""]
    vector: Float[Tensor, " dim"]


def power_iteration(
    matrix: Float[Tensor, "dim dim"],
    *,
    tolerance: float = 1e-6,
    max_steps: int = 100_000,
    seed: int = 0,
) -> EigenPair:
    """Eigenvalue of a symmetric matrix that is farthest from zero, and its unit eigenvector.

    Args:
        matrix: Symmetric.
        tolerance: Length of `matrix @ vector - value * vector` at which to stop, per length of
            `matrix @ vector`. The error of the value is of the order of its square.
        max_steps: Multiplications after which to give up.
        seed: Of the direction to start from.

    Raises:
        ValueError: If the matrix is not symmetric, empty or not finite, if no direction wins
            within `max_steps`, as when two eigenvalues are opposite, or if a setting is not
            positive.
    """
    if not (tolerance > 0 and max_steps > 0):
        raise ValueError(f"settings must be positive, got {tolerance} and {max_steps}")
    _require_symmetric("matrix", matrix)
    generator = torch.Generator().manual_seed(seed)
    vector = torch.randn(len(matrix), generator=generator, dtype=torch.float64).to(matrix.dtype)
    for _ in range(max_steps):
        vector = vector / vector.norm()
        stretched = matrix @ vector
        value = vector @ stretched
        if (stretched - value * vector).norm() <= tolerance * stretched.norm():
            return EigenPair(value, vector)
        vector = stretched
    raise ValueError(f"matrix must have a largest eigenvalue, got none after {max_steps} steps")


# --8<-- [end:power_iteration]


# --8<-- [start:curvature]
def curvature(features: Float[Tensor, "example dim"]) -> Float[Tensor, "dim dim"]:
    """Hessian of mean squared error for a linear model, the same at all weights.

    Raises:
        ValueError: If the features are empty, not finite or not (example, dim).
    """
    require_tensor("features", features, "example dim")
    return 2 / len(features) * features.T @ features


def largest_stable_rate(hessian: Float[Tensor, "dim dim"]) -> float:
    """Learning rate below which gradient descent converges, and above which it diverges.

    Args:
        hessian: Symmetric, without negative eigenvalues, as that of any convex loss.

    Raises:
        ValueError: As `power_iteration`, or if the largest eigenvalue is not positive.
    """
    largest = power_iteration(hessian).value.item()
    if not largest > 0:
        raise ValueError(f"hessian must have a positive largest eigenvalue, got {largest}")
    return 2 / largest


# --8<-- [end:curvature]


# --8<-- [start:gradient_descent]
class Step(NamedTuple):
    """Weights after an update, and the loss that they have."""

    weights: Float[Tensor, " dim"]
    loss: float


def gradient_descent(
    features: Float[Tensor, "example dim"],
    targets: Float[Tensor, " example"],
    *,
    learning_rate: float,
) -> Iterator[Step]:
    """Fit a linear model by mean squared error, yielding the start at zero and then each step.

    It never ends by itself. Weights that grow beyond all bounds are part of the lesson.

    Raises:
        ValueError: If the lengths differ, the learning rate is not positive, or a tensor is
            empty, not finite or has the wrong axes.
    """
    require_tensor("features", features, "example dim")
    require_tensor("targets", targets, "example")
    if len(features) != len(targets):
        raise ValueError(
            f"targets must be as many as features, {len(features)}, got {len(targets)}"
        )
    if not 0 < learning_rate < math.inf:
        raise ValueError(f"learning_rate must be positive and finite, got {learning_rate}")
    weights = features.new_zeros(features.shape[1])
    while True:
        residuals = features @ weights - targets
        yield Step(weights, residuals.square().mean().item())
        weights = weights - learning_rate * 2 / len(features) * features.T @ residuals


# --8<-- [end:gradient_descent]


# --8<-- [start:jacobian]
def tanh_network(
    weights: Float[Tensor, "layer dim dim"], inputs: Float[Tensor, " dim"]
) -> Float[Tensor, " dim"]:
    """What the last layer puts out, each layer being `tanh(weight @ hidden)`.

    Raises:
        ValueError: If the sizes do not fit, or a tensor is empty, not finite or has other axes.
    """
    _require_network(weights, inputs)
    hidden = inputs
    for weight in weights:
        hidden = torch.tanh(weight @ hidden)
    return hidden


def layer_jacobians(
    weights: Float[Tensor, "layer dim dim"], inputs: Float[Tensor, " dim"]
) -> Float[Tensor, "layer dim dim"]:
    """Slope of each output of a layer (row) by each of its inputs (column), layer by layer.

    Raises:
        ValueError: As `tanh_network`.
    """
    _require_network(weights, inputs)
    hidden, jacobians = inputs, []
    for weight in weights:
        hidden = torch.tanh(weight @ hidden)
        jacobians.append((1 - hidden.square())[:, None] * weight)  # tanh' = 1 - tanh²
    return torch.stack(jacobians)


# --8<-- [end:jacobian]


# --8<-- [start:chain]
def forward_products(
    jacobians: Float[Tensor, "layer dim dim"],
) -> Iterator[Float[Tensor, "dim dim"]]:
    """Yield the Jacobian of the first layer, of the first two, and so on to the whole network.

    Raises:
        ValueError: If the Jacobians are empty, not finite or not square.
    """
    _require_square("jacobians", jacobians, "layer dim dim")
    yield from accumulate(jacobians, lambda product, jacobian: jacobian @ product)


def pull_back(
    gradient: Float[Tensor, " dim"], jacobians: Float[Tensor, "layer dim dim"]
) -> Float[Tensor, " dim"]:
    """Gradient by the network's inputs, from the gradient by its outputs; only vectors move.

    Raises:
        ValueError: As `forward_products`, or if the gradient does not fit.
    """
    _require_square("jacobians", jacobians, "layer dim dim")
    _require_fit("gradient", gradient, jacobians)
    for jacobian in reversed(jacobians):
        gradient = gradient @ jacobian
    return gradient


# --8<-- [end:chain]


def _require_square(name: str, tensor: Tensor, axes: str) -> None:
    require_tensor(name, tensor, axes)
    if tensor.shape[-1] != tensor.shape[-2]:
        raise ValueError(f"{name} must be square, got the shape {tuple(tensor.shape)}")


def _require_symmetric(name: str, matrix: Tensor) -> None:
    _require_square(name, matrix, "dim dim")
    gap, size = (matrix - matrix.T).abs().max().item(), matrix.abs().max().item()
    if gap > 1e-5 * size:
        raise ValueError(f"{name} must be symmetric, got entries that differ by {gap:.3g}")


def _require_directions(name: str, rows: Tensor) -> None:
    require_tensor(name, rows, f"{name} dim")
    if (zeros := int((rows.norm(dim=1) == 0).sum())) > 0:
        raise ValueError(f"{name} must have a direction, got {zeros} rows of zeros")


def _require_fit(name: str, vector: Tensor, matrices: Tensor) -> None:
    require_tensor(name, vector, "dim")
    if len(vector) != matrices.shape[-1]:
        raise ValueError(f"{name} must have {matrices.shape[-1]} numbers, got {len(vector)}")


def _require_network(weights: Tensor, inputs: Tensor) -> None:
    _require_square("weights", weights, "layer dim dim")
    _require_fit("inputs", inputs, weights)
