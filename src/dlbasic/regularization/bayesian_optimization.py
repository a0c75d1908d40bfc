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

from dlbasic.checks import require_indices, require_pair, require_tensor
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
    for name, setting in kernel._asdict().items():
        require_tensor(name, setting, "dim" if name == "length_scales" else "")
        if (setting <= 0).any():
            raise ValueError(f"{name} must be positive, got {setting.tolist()}")
    for name, tensor in {"points": points, "others": others}.items():
        require_tensor(name, tensor, f"{name[:5]} dim")
        if tensor.shape[1] != (dims := len(kernel.length_scales)):
            raise ValueError(f"{name} must have {dims} dimensions, got {tensor.shape[1]}")
    apart = (points[:, None] - others[None]) / kernel.length_scales
    # The root has no slope at zero: the small number keeps it finite.
    r = (5 * apart.square().sum(dim=2) + 1e-30).sqrt()
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
        noise = kernel.noise * torch.eye(len(inputs)).to(inputs)
        self.factor = torch.linalg.cholesky(covariance(inputs, inputs, kernel) + noise)  # L
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
        volume = self.factor.diagonal().log().sum() + len(self.values) / 2 * math.log(2 * math.pi)
        return -self.values @ self.weights / 2 - volume


BOUNDS = {"length_scales": (0.05, 5.0), "variance": (0.1, 10.0), "noise": (1e-6, 1.0)}


def fit_kernel(inputs: Float[Tensor, "example dim"], values: Float[Tensor, " example"]) -> Kernel:
    """The kernel within `BOUNDS` for which the measured values are most likely, in float64.

    Inputs should lie in a cube of side 1, and values have a mean of 0 and a variance of about 1.

    Raises:
        ValueError: As `GaussianProcess`.
    """
    require_tensor("inputs", inputs, "example dim")
    inputs, values, dims = inputs.double(), values.double(), inputs.shape[1]
    start = torch.tensor([0.5] * dims + [1.0, 0.01], dtype=torch.float64).log()

    def unpack(logs: Tensor) -> Kernel:
        return Kernel(logs[:dims].exp(), logs[dims].exp(), logs[dims + 1].exp())

    def loss_and_slope(numbers):
        logs = torch.tensor(numbers, requires_grad=True)
        loss = -GaussianProcess(inputs, values, unpack(logs)).log_marginal_likelihood()
        (slope,) = torch.autograd.grad(loss, logs)
        return loss.item(), slope.numpy()

    sides = [BOUNDS["length_scales"]] * dims + [BOUNDS["variance"], BOUNDS["noise"]]
    limits = torch.tensor(sides).log().tolist()
    best = minimize(loss_and_slope, start.numpy(), jac=True, bounds=limits, method="L-BFGS-B")
    return unpack(torch.tensor(best.x))


# --8<-- [end:posterior]


# --8<-- [start:expected_improvement]
def expected_improvement(posterior: Posterior, *, best: float) -> Float[Tensor, " point"]:
    """By how much a value is expected to fall below `best`; what lies above it counts as zero.

    Raises:
        ValueError: If mean and standard deviation differ in shape, are not finite, or a standard
            deviation is negative; or if `best` is not finite.
    """
    mean, std = posterior
    require_pair("std", std, "mean", mean, "point")
    if (std < 0).any():
        raise ValueError(f"std must not be negative, got {std.min().item():.4g}")
    if not math.isfinite(best):
        raise ValueError(f"best must be finite, got {best}")
    gain = best - mean
    z = gain / std.clamp(min=torch.finfo(std.dtype).tiny)
    density = (-z.square() / 2).exp() / math.sqrt(2 * math.pi)
    return (gain * torch.special.ndtr(z) + std * density).clamp(min=0)


# --8<-- [end:expected_improvement]


# --8<-- [start:search]
def believe(
    candidates: Float[Tensor, "candidate dim"],
    tried: Int[Tensor, " trial"],
    values: Float[Tensor, " trial"],
) -> tuple[Posterior, Float[Tensor, " candidate"]]:
    """What some trials say of all candidates: the objective there, and the expected improvement.

    Both are in the unit of the values. A candidate that was tried has nothing more to give: its
    improvement is zero.

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
    centre, scale = values.mean(), values.std(correction=0).clamp(min=1e-12)
    standard = (values - centre) / scale
    kernel = fit_kernel(candidates[tried], standard)
    mean, std = GaussianProcess(candidates[tried], standard, kernel).posterior(candidates)
    posterior = Posterior(centre + scale * mean, scale * std)
    improvement = expected_improvement(posterior, best=values.min().item())
    return posterior, improvement.index_fill(0, tried, 0.0)


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
            from 2 to their number; or, once there is something to model, if a value is not finite.
    """
    require_tensor("candidates", candidates, "candidate dim")
    low, high = candidates.aminmax()
    if low < 0 or high > 1:
        raise ValueError(f"candidates must be in [0, 1], got {low:.4g} to {high:.4g}")
    if not isinstance(start, int) or not 2 <= start <= len(candidates):
        raise ValueError(f"start must be from 2 to {len(candidates)}, got {start}")
    return _trials(objective, candidates.double(), start, seed)


def _trials(objective, candidates: Tensor, start: int, seed: int) -> Iterator[Trial]:
    order = torch.randperm(len(candidates), generator=torch.Generator().manual_seed(seed))
    tried, values = [], []
    while len(tried) < len(candidates):
        choice = int(order[len(tried)])
        if len(tried) >= start:
            indices = torch.tensor(tried)
            _, improvement = believe(candidates, indices, torch.tensor(values).double())
            choice = int(improvement.index_fill(0, indices, -1.0).argmax())
        tried.append(choice)
        values.append(float(objective(choice)))
        yield Trial(choice, values[-1])


# --8<-- [end:search]


# --8<-- [start:tabulate]
def tabulate(
    problem: Problem,
    learning_rates: Float[Tensor, " setting"],
    decays: Float[Tensor, " setting"],
    *,
    seed: int,
    steps: int = 100,
) -> tuple[Float[Tensor, " setting"], Float[Tensor, " setting"]]:
    """Loss on the validation and on the test set that a network reaches with each setting of AdamW.

    The networks are those of the bench, with one hidden layer of 64. All start from the same
    weights and take the same batches, and each becomes what `bench.train` makes of it. They are
    trained side by side, 40 at a time, which is quicker.

    Args:
        problem: What to train on, choose with and measure with.
        learning_rates: Of AdamW, one a setting.
        decays: Likewise, the weight decay.
        seed: Of the weights and the batches.
        steps: Updates of each network.

    Raises:
        ValueError: If the settings differ in number or are negative, if `steps` is not positive,
            or if a training diverges.
    """
    require_pair("decays", decays, "learning_rates", learning_rates, "setting")
    if min(decays.min(), learning_rates.min()) < 0 or steps < 1:
        raise ValueError("settings must not be negative, and steps must be positive")
    inputs, targets, _ = problem.train
    start = torch.nn.utils.parameters_to_vector(Network(seed=seed, hidden=(64,)).parameters())
    results = []
    for some in torch.stack([learning_rates, decays], dim=1).to(inputs).split(40):
        rate, decay = some.split(1, dim=1)
        theta = start.detach().to(inputs).repeat(len(some), 1)  # a row of weights for each setting
        m, v = torch.zeros_like(theta), torch.zeros_like(theta)
        batches = torch.Generator().manual_seed(seed)
        for t in range(1, steps + 1):
            batch = torch.randint(len(inputs), (50,), generator=batches)
            loss = _losses(theta.requires_grad_(), inputs[batch], targets[batch]).sum()
            (g,) = torch.autograd.grad(loss, theta)  # of a row, by its own loss alone
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g.square()
            step = m / (1 - 0.9**t) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
            theta = theta.detach() - rate * (step + decay * theta.detach())
        results.append([_losses(theta, *rest[:2]) for rest in problem[1:]])
    validation, test = map(torch.cat, zip(*results, strict=True))
    require_tensor("the validation losses", validation, "setting")
    return validation, test


def _losses(theta: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
    first, first_bias, last, last_bias = theta.split([64 * 64, 64, 10 * 64, 10], dim=1)
    hidden = (inputs @ first.unflatten(1, (64, 64)).mT + first_bias[:, None]).relu()
    logits = hidden @ last.unflatten(1, (10, 64)).mT + last_bias[:, None]
    return -(targets * logits.log_softmax(dim=2)).sum(dim=2).mean(dim=1)


# --8<-- [end:tabulate]
