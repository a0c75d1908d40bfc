"""Drawing, updating, comparing and averaging: the probability that deep learning uses.

Logarithms are natural, so information is in nats. A distribution over classes is a row of
probabilities; a Gaussian is its mean and its variance.

Source: Shannon, "A Mathematical Theory of Communication", Bell System Technical Journal 27, 1948,
section 6, for `entropy`; Kullback and Leibler, "On Information and Sufficiency", Annals of
Mathematical Statistics 22(1), 1951, for `kl_divergence`.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from dlbasic.checks import require_pair, require_probabilities, require_tensor


# --8<-- [start:sample]
def sample_categorical(
    probabilities: Float[Tensor, " class"],
    num_draws: int,
    *,
    generator: torch.Generator,
) -> Int[Tensor, " draw"]:
    """Classes drawn independently, each as often as its probability says.

    The probabilities lie end to end on a ruler of length 1; each draw is the class on which a
    uniformly random point falls.

    Raises:
        ValueError: If `probabilities` is no distribution, or `num_draws` is not positive.
    """
    require_probabilities("probabilities", probabilities, "class")
    if num_draws < 1:
        raise ValueError(f"num_draws must be positive, got {num_draws}")
    right_ends = probabilities.double().cumsum(dim=0)
    points = torch.rand(num_draws, generator=generator, dtype=torch.float64)
    return torch.searchsorted(right_ends / right_ends[-1], points, right=True)


# --8<-- [end:sample]


# --8<-- [start:posterior]
def posterior(
    prior: Float[Tensor, " class"],
    likelihoods: Float[Tensor, "example class"],
) -> Float[Tensor, "example class"]:
    """Probabilities of the classes, once each example has been observed: Bayes' rule.

    Args:
        prior: Probabilities of the classes before.
        likelihoods: Probability (or density) of what was observed, under each class.

    Raises:
        ValueError: If `prior` is no distribution, a tensor is empty or not finite, the classes are
            not as many, or a likelihood is negative, or zero in every class that the prior allows.
    """
    require_probabilities("prior", prior, "class")
    require_tensor("likelihoods", likelihoods, "example class")
    if likelihoods.shape[1] != len(prior):
        raise ValueError(f"likelihoods must have {len(prior)} classes, got {likelihoods.shape[1]}")
    if (likelihoods < 0).any():
        raise ValueError(f"likelihoods must not be negative, got {likelihoods.min().item():.4g}")
    joint = prior * likelihoods
    evidence = joint.sum(dim=1, keepdim=True)
    if (evidence == 0).any():
        raise ValueError("likelihoods must be positive for a class of the prior, got only zeros")
    return joint / evidence


# --8<-- [end:posterior]


# --8<-- [start:naive_bayes]
class NaiveBayes(NamedTuple):
    """What was counted in a training set of binary pixels."""

    prior: Float[Tensor, " class"]
    ink: Float[Tensor, "class pixel"]
    """Probability that the pixel is on, given the class."""


def fit_naive_bayes(
    pixels: Bool[Tensor, "example pixel"],
    classes: Int[Tensor, " example"],
) -> NaiveBayes:
    """Count how often each class occurs, and how often each pixel is on in it.

    Each pixel is counted on once more and off once more than it was, so no probability is 0 or 1.

    Raises:
        ValueError: If `pixels` is not boolean (example, pixel), `classes` are not as many integers
            from 0, or a class below the largest has no example.
    """
    _require_bits(pixels)
    _require_classes(classes, len(pixels))
    counts = classes.bincount()
    if (counts == 0).any():
        raise ValueError(f"classes must each have an example, got none of class {counts.argmin()}")
    members = torch.eye(len(counts), dtype=torch.float64)[classes]  # (example, class)
    ink = (members.T @ pixels.double() + 1) / (counts[:, None] + 2)
    return NaiveBayes(counts / counts.sum().double(), ink)


def log_likelihoods(
    model: NaiveBayes, pixels: Bool[Tensor, "example pixel"]
) -> Float[Tensor, "example class"]:
    """Logarithm of the probability of all pixels of an image, under each class. In nats.

    Raises:
        ValueError: If `pixels` is not boolean (example, pixel), with as many pixels as the model.
    """
    _require_bits(pixels)
    if pixels.shape[1] != model.ink.shape[1]:
        raise ValueError(f"pixels must be {model.ink.shape[1]} an image, got {pixels.shape[1]}")
    on = pixels.to(model.ink.dtype)
    return on @ model.ink.log().T + (1 - on) @ (1 - model.ink).log().T


# --8<-- [end:naive_bayes]


# --8<-- [start:gaussian]
def gaussian_log_density(
    values: Float[Tensor, " value"],
    mean: Float[Tensor, ""],
    variance: Float[Tensor, ""],
) -> Float[Tensor, " value"]:
    """Logarithm of the Gaussian density at each value. In nats; positive where it exceeds 1.

    Raises:
        ValueError: If a tensor is not finite or has other axes, or the variance is not positive.
    """
    require_tensor("values", values, "value")
    _require_gaussian("mean", mean, "variance", variance)
    return -(math.log(2 * math.pi) + variance.log() + (values - mean).square() / variance) / 2


# --8<-- [end:gaussian]


# --8<-- [start:entropy]
def entropy(p: Float[Tensor, "example class"]) -> Float[Tensor, " example"]:
    """Average surprise at what is drawn from each row, in nats. 0 log 0 = 0.

    Raises:
        ValueError: If `p` is not made of probability rows.
    """
    require_probabilities("p", p, "example class")
    surprise = -torch.where(p > 0, p, 1.0).log()
    return (p * surprise).sum(dim=1)


# --8<-- [end:entropy]


# --8<-- [start:kl]
def kl_divergence(
    p: Float[Tensor, "example class"],
    q: Float[Tensor, "example class"],
) -> Float[Tensor, " example"]:
    """KL(p‖q) of each row: what it costs to expect q when p is drawn. In nats.

    0 where p is 0, infinite where q is 0 and p is not. Zero only if the rows are equal.

    Raises:
        ValueError: If the shapes differ, or one is not made of probability rows.
    """
    require_pair("q", q, "p", p, "example class")
    require_probabilities("p", p, "example class")
    require_probabilities("q", q, "example class")
    drawn = p > 0
    log_ratio = torch.where(drawn, p, 1.0).log() - torch.where(drawn, q, 1.0).log()
    return (p * log_ratio).sum(dim=1)


# --8<-- [end:kl]


# --8<-- [start:gaussian_kl]
def gaussian_kl(
    p_mean: Float[Tensor, ""],
    p_variance: Float[Tensor, ""],
    q_mean: Float[Tensor, ""],
    q_variance: Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """KL(p‖q) of two Gaussians, in nats.

    Raises:
        ValueError: If a tensor is not a finite number, or a variance is not positive.
    """
    _require_gaussian("p_mean", p_mean, "p_variance", p_variance)
    _require_gaussian("q_mean", q_mean, "q_variance", q_variance)
    distance = (p_mean - q_mean).square()
    return ((q_variance / p_variance).log() + (p_variance + distance) / q_variance - 1) / 2


# --8<-- [end:gaussian_kl]


# --8<-- [start:monte_carlo]
class Estimate(NamedTuple):
    """An expectation as each row of draws sees it, and how far to trust that."""

    mean: Float[Tensor, " repeat"]
    standard_error: Float[Tensor, " repeat"]
    low: Float[Tensor, " repeat"]
    high: Float[Tensor, " repeat"]


def monte_carlo(draws: Float[Tensor, "repeat draw"], *, level: float = 0.95) -> Estimate:
    """Estimate the expectation from each row of independent draws.

    The interval from `low` to `high` holds the expectation in the share `level` of all repeats,
    once the draws are many and their variance is finite.

    Raises:
        ValueError: If `draws` is empty, not finite or not (repeat, draw), a row has one draw only,
            or `level` does not lie between 0 and 1.
    """
    require_tensor("draws", draws, "repeat draw")
    num_draws = draws.shape[1]
    if num_draws < 2:
        raise ValueError(f"draws must be at least 2 a row, got {num_draws}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
    z = NormalDist().inv_cdf((1 + level) / 2)
    mean = draws.mean(dim=1)
    standard_error = draws.std(dim=1, correction=1) / math.sqrt(num_draws)
    return Estimate(mean, standard_error, mean - z * standard_error, mean + z * standard_error)


# --8<-- [end:monte_carlo]


def _require_bits(pixels: Tensor) -> None:
    if not (isinstance(pixels, Tensor) and pixels.dtype == torch.bool):
        kind = pixels.dtype if isinstance(pixels, Tensor) else type(pixels).__name__
        raise ValueError(f"pixels must be a boolean tensor (example, pixel), got {kind}")
    require_tensor("pixels", pixels.double(), "example pixel")


def _require_classes(classes: Tensor, num_examples: int) -> None:
    if not (isinstance(classes, Tensor) and classes.dtype == torch.int64):
        kind = classes.dtype if isinstance(classes, Tensor) else type(classes).__name__
        raise ValueError(f"classes must be a tensor of int64, got {kind}")
    if classes.shape != (num_examples,):
        raise ValueError(
            f"classes must have the shape ({num_examples},), got {tuple(classes.shape)}"
        )
    if (classes < 0).any():
        raise ValueError(f"classes must not be negative, got {classes.min().item()}")


def _require_gaussian(mean_name: str, mean: Tensor, variance_name: str, variance: Tensor) -> None:
    for name, number in ((mean_name, mean), (variance_name, variance)):
        require_tensor(name, number, "")
    if not variance > 0:
        raise ValueError(f"{variance_name} must be positive, got {variance.item()}")
