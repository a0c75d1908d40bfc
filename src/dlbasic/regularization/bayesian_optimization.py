"""Bayesian optimization: a model of the objective chooses where to measure it next.

Source: Rasmussen and Williams, "Gaussian Processes for Machine Learning", MIT Press, 2006,
algorithm 2.1 for the posterior and the marginal likelihood; Jones, Schonlau and Welch, "Efficient
Global Optimization of Expensive Black-Box Functions", Journal of Global Optimization 13, 1998, for
the expected improvement; Snoek, Larochelle and Adams, "Practical Bayesian Optimization of Machine
Learning Algorithms", NIPS 2012, for the kernel.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from scipy.optimize import minimize
from torch import Tensor

from dlbasic.checks import require_indices, require_pair, require_same_shape, require_tensor
from dlbasic.regularization.bench import Network, Problem


# --8<-- [start:kernel]
class Kernel(NamedTuple):
    """What a Gaussian process takes for granted of a function; all of it positive."""

    length_scales: Float[Tensor, " dim"]  # how far one must go, along each axis, to learn anew
    variance: Float[Tensor, ""]  # of the function's values
    noise: Float[Tensor, ""]  # variance of what a measurement adds to them


def covariance(
    points: Float[Tensor, "point dim"], others: Float[Tensor, "other dim"], kernel: Kernel
) -> Float[Tensor, "point other"]:
    """Covariance of the function's values at two sets of points (Matérn, smoothness 5/2).

    Raises:
        ValueError: If the dimensions differ, something of the kernel is not positive, or a tensor
            is empty, not finite or has other axes.
    """
    _require_kernel(kernel)
    for name, tensor, axes in (("points", points, "point dim"), ("others", others, "other dim")):
        require_tensor(name, tensor, axes)
        if tensor.shape[1] != len(kernel.length_scales):
            dims = len(kernel.length_scales)
            raise ValueError(f"{name} must have {dims} dimensions, got {tensor.shape[1]}")
    apart = (points[:, None] - others[None]) / kernel.length_scales
    squared = apart.square().sum(dim=2)
    r = (5 * squared + 1e-30).sqrt()  # the root has no slope at zero; this keeps it finite
    return kernel.variance * (1 + r + r.square() / 3) * (-r).exp()


# --8<-- [end:kernel]


# --8<-- [start:posterior]
class Posterior(NamedTuple):
    """What is believed of the function at some points: its mean and standard deviation."""

    mean: Float[Tensor, " point"]
    std: Float[Tensor, " point"]


class GaussianProcess:
    """A distribution over functions, after some values have been measured.

    Before that the mean is zero everywhere: values should be centred.

    Raises:
        ValueError: If inputs and values differ in number, or as `covariance`.
    """

    def __init__(
        self,
        inputs: Float[Tensor, "example dim"],
        values: Float[Tensor, " example"],
        kernel: Kernel,
    ) -> None:
        require_tensor("values", values, "example")
        if len(inputs) != len(values):
            raise ValueError(f"values must be as many as inputs, {len(inputs)}, got {len(values)}")
        self.inputs, self.values, self.kernel = inputs, values, kernel
        measured = covariance(inputs, inputs, kernel) + kernel.noise * torch.eye(len(inputs)).to(
            inputs
        )
        self.factor = torch.linalg.cholesky(measured)  # L, with L L' = K + noise
        self.weights = torch.cholesky_solve(values[:, None], self.factor)[:, 0]

    def posterior(self, points: Float[Tensor, "point dim"]) -> Posterior:
        """Mean and standard deviation of the function, without noise, at some points.

        Raises:
            ValueError: As `covariance`.
        """
        k = covariance(self.inputs, points, self.kernel)
        v = torch.linalg.solve_triangular(self.factor, k, upper=False)
        variance = self.kernel.variance - v.square().sum(dim=0)
        return Posterior(k.T @ self.weights, variance.clamp(min=0).sqrt())

    def log_marginal_likelihood(self) -> Float[Tensor, ""]:
        """Logarithm of the density of the measured values, in nats, all functions together."""
        fit = self.values @ self.weights / 2
        volume = self.factor.diagonal().log().sum()
        return -fit - volume - len(self.values) / 2 * math.log(2 * math.pi)


# --8<-- [end:posterior]


# --8<-- [start:fit]
BOUNDS = {"length_scales": (0.05, 5.0), "variance": (0.1, 10.0), "noise": (1e-6, 1.0)}


def fit_kernel(inputs: Float[Tensor, "example dim"], values: Float[Tensor, " example"]) -> Kernel:
    """The kernel within `BOUNDS` for which the measured values are most likely, in float64.

    Inputs should lie in a cube of side 1, and values have a mean of 0 and a variance of about 1.

    Raises:
        ValueError: As `GaussianProcess`.
    """
    require_tensor("inputs", inputs, "example dim")
    inputs, values = inputs.double(), values.double()
    dims = inputs.shape[1]
    start = torch.tensor([0.5] * dims + [1.0, 0.01], dtype=torch.float64).log()

    def unpack(logs: Tensor) -> Kernel:
        return Kernel(logs[:dims].exp(), logs[dims].exp(), logs[dims + 1].exp())

    def loss_and_slope(numbers):
        logs = torch.tensor(numbers, requires_grad=True)
        loss = -GaussianProcess(inputs, values, unpack(logs)).log_marginal_likelihood()
        (slope,) = torch.autograd.grad(loss, logs)
        return loss.item(), slope.numpy()

    sides = [BOUNDS["length_scales"]] * dims + [BOUNDS["variance"], BOUNDS["noise"]]
    limits = [tuple(math.log(end) for end in side) for side in sides]
    best = minimize(loss_and_slope, start.numpy(), jac=True, bounds=limits, method="L-BFGS-B")
    return unpack(torch.tensor(best.x))


# --8<-- [end:fit]


# --8<-- [start:expected_improvement]
def expected_improvement(posterior: Posterior, *, best: float) -> Float[Tensor, " point"]:
    """By how much a value is expected to fall below `best`; what lies above it counts as zero.

    Raises:
        ValueError: If mean and standard deviation differ in shape, are not finite, or a standard
            deviation is negative; or if `best` is not finite.
    """
    mean, std = posterior
    require_same_shape("std", std, "mean", mean)
    require_tensor("mean", mean, "point")
    require_tensor("std", std, "point")
    if (std < 0).any():
        raise ValueError(f"std must not be negative, got {std.min().item():.4g}")
    if not math.isfinite(best):
        raise ValueError(f"best must be finite, got {best}")
    gain = best - mean
    z = gain / std.clamp(min=1e-300 if std.dtype == torch.float64 else 1e-30)
    density = (-z.square() / 2).exp() / math.sqrt(2 * math.pi)
    return (gain * torch.special.ndtr(z) + std * density).clamp(min=0)


# --8<-- [end:expected_improvement]


# --8<-- [start:belief]
class Belief(NamedTuple):
    """What some trials say of all candidates: the objective there, and what trying one may gain."""

    posterior: Posterior
    improvement: Float[Tensor, " candidate"]


def believe(
    candidates: Float[Tensor, "candidate dim"],
    tried: Int[Tensor, " trial"],
    values: Float[Tensor, " trial"],
) -> Belief:
    """Model the objective from its values at the candidates that were tried, in their own unit.

    A candidate that was tried has nothing more to give: its improvement is zero.

    Raises:
        ValueError: If `tried` does not index candidates, values and `tried` differ in number, or a
            tensor is empty, not finite or has other axes.
    """
    require_tensor("candidates", candidates, "candidate dim")
    require_indices("tried", tried, len(candidates), "trial")
    require_tensor("values", values, "trial")
    if len(tried) != len(values):
        raise ValueError(f"values must be as many as tried, {len(tried)}, got {len(values)}")
    candidates, values = candidates.double(), values.double()
    centre = values.mean()
    scale = (values - centre).square().mean().sqrt().clamp(min=1e-12)
    standard = (values - centre) / scale
    kernel = fit_kernel(candidates[tried], standard)
    mean, std = GaussianProcess(candidates[tried], standard, kernel).posterior(candidates)
    posterior = Posterior(centre + scale * mean, scale * std)
    improvement = expected_improvement(posterior, best=values.min().item())
    return Belief(posterior, improvement.index_fill(0, tried, 0.0))


# --8<-- [end:belief]


# --8<-- [start:search]
class Trial(NamedTuple):
    """One measurement: which candidate was chosen, and what came out."""

    candidate: int
    value: float


def search(
    objective: Callable[[int], float],
    candidates: Float[Tensor, "candidate dim"],
    *,
    start: int = 4,
    seed: int = 0,
) -> Iterator[Trial]:
    """Look for the candidate with the lowest objective, yielding a `Trial` per measurement.

    The first `start` are drawn at random. After that it is always the untried candidate with the
    largest expected improvement, until all have been tried.

    Args:
        objective: Measures a candidate, given by its index. Lower is better.
        candidates: One row of settings per candidate, each scaled to [0, 1].
        start: How many to draw before there is anything to model.
        seed: Of the draws.

    Raises:
        ValueError: If the candidates are empty, not finite or not in [0, 1]; if `start` is not
            from 2 to their number; or, while it runs, if the objective is not finite.
    """
    require_tensor("candidates", candidates, "candidate dim")
    if candidates.min() < 0 or candidates.max() > 1:
        low, high = candidates.min().item(), candidates.max().item()
        raise ValueError(f"candidates must be in [0, 1], got {low:.4g} to {high:.4g}")
    if not isinstance(start, int) or not 2 <= start <= len(candidates):
        raise ValueError(f"start must be from 2 to {len(candidates)}, got {start}")
    return _trials(objective, candidates.double(), start, seed)


def _trials(objective, candidates: Tensor, start: int, seed: int) -> Iterator[Trial]:
    order = torch.randperm(len(candidates), generator=torch.Generator().manual_seed(seed))
    tried: list[int] = []
    values: list[float] = []
    while len(tried) < len(candidates):
        if len(tried) < start:
            choice = int(order[len(tried)])
        else:
            indices = torch.tensor(tried)
            improvement = believe(candidates, indices, torch.tensor(values).double()).improvement
            choice = int(improvement.index_fill(0, indices, -1.0).argmax())
        value = float(objective(choice))
        if not math.isfinite(value):
            raise ValueError(f"objective must be finite, got {value} for candidate {choice}")
        tried.append(choice)
        values.append(value)
        yield Trial(choice, value)


# --8<-- [end:search]


# --8<-- [start:tabulate]
class Table(NamedTuple):
    """Cross-entropy in nats of each setting, where one chooses and where one measures."""

    validation: Float[Tensor, " setting"]
    test: Float[Tensor, " setting"]


def tabulate(
    problem: Problem,
    learning_rates: Float[Tensor, " setting"],
    decays: Float[Tensor, " setting"],
    *,
    seed: int,
    steps: int = 100,
) -> Table:
    """Train one network of the bench, with one hidden layer of 64, for each setting of AdamW.

    All start from the same weights and take the same batches. They are trained side by side, and
    each becomes what `bench.train` makes of it with `torch.optim.AdamW`.

    Args:
        problem: What to train on, choose with and measure with.
        learning_rates: Of AdamW, one a setting.
        decays: Likewise, the weight decay.
        seed: Of the weights and the batches.
        steps: Updates of each network.

    Raises:
        ValueError: If the settings differ in number, are negative, or empty, or `steps` is not
            positive; or if the training of one diverges.
    """
    require_pair("decays", decays, "learning_rates", learning_rates, "setting")
    if min(decays.min(), learning_rates.min()) < 0 or steps < 1:
        raise ValueError("settings must not be negative, and steps must be positive")
    parts = zip(learning_rates.split(40), decays.split(40), strict=True)  # as fit into the cache
    tables = [_train_side_by_side(problem, *part, seed, steps) for part in parts]
    table = Table(*(torch.cat(column) for column in zip(*tables, strict=True)))
    require_tensor("the validation losses", table.validation, "setting")
    return table


def _train_side_by_side(problem, learning_rates, decays, seed: int, steps: int) -> Table:
    inputs, targets, _ = problem.train
    layers = Network(seed=seed, hidden=(64,)).to(inputs.dtype).parameters()
    copies = [part.detach().expand(len(decays), *part.shape) for part in layers]
    theta = [part.clone().requires_grad_() for part in copies]
    rate = learning_rates.to(inputs)
    keep = 1 - rate * decays.to(inputs)
    m, v = ([torch.zeros_like(part) for part in theta] for _ in range(2))
    batches = torch.Generator().manual_seed(seed)
    for t in range(1, steps + 1):
        batch = torch.randint(len(inputs), (50,), generator=batches)
        loss = _losses(theta, inputs[batch], targets[batch]).sum()  # each in its own weights only
        slopes = torch.autograd.grad(loss, theta)
        with torch.no_grad():
            for part, slope, mean, square in zip(theta, slopes, m, v, strict=True):
                wide = (-1,) + (1,) * (part.ndim - 1)
                mean.mul_(0.9).add_(slope, alpha=0.1)
                square.mul_(0.999).addcmul_(slope, slope, value=0.001)
                root = (square / (1 - 0.999**t)).sqrt_().add_(1e-8)
                part.mul_(keep.view(wide))
                part.addcdiv_(-rate.view(wide) / (1 - 0.9**t) * mean, root)
    with torch.no_grad():
        sets = (problem.validation, problem.test)
        return Table(*(_losses(theta, some.inputs, some.targets) for some in sets))


def _losses(theta: list[Tensor], inputs: Tensor, targets: Tensor) -> Tensor:
    first, first_bias, last, last_bias = theta
    hidden = (inputs @ first.mT + first_bias[:, None]).relu()
    logits = hidden @ last.mT + last_bias[:, None]
    return -(targets * logits.log_softmax(dim=2)).sum(dim=2).mean(dim=1)


# --8<-- [end:tabulate]


def _require_kernel(kernel: Kernel) -> None:
    require_tensor("length_scales", kernel.length_scales, "dim")
    for name, setting in kernel._asdict().items():
        if not (torch.isfinite(setting) & (setting > 0)).all():
            raise ValueError(f"{name} must be positive and finite, got {setting.tolist()}")
