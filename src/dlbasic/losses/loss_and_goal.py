"""What a goal is measured with, and what the cases of a falling loss share.

Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, eq. 3 for
`expected_calibration_error` and section 4.2 for `fit_temperature`; Student, "The Probable
Error of a Mean", Biometrika 6(1), 1908, for `mean_over_seeds`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int, Shaped
from scipy.special import stdtrit
from torch import Tensor, nn

from dlbasic.checks import require_probabilities, require_tensor


class Step(NamedTuple):
    """The training loss of the model as it is now, after `step` updates."""

    step: int
    loss: float


# --8<-- [start:train]
def train(
    model: nn.Module,
    inputs: Shaped[Tensor, "example ..."],
    targets: Shaped[Tensor, "example ..."],
    *,
    loss: Callable[[Tensor, Tensor], Tensor],
    steps: int = 200,
    learning_rate: float = 0.01,
) -> Iterator[Step]:
    """Update `model` in place with Adam on all examples at once; `steps + 1` values of `Step`.

    Between two of them the caller may measure the model, which is the one that `Step` tells of.

    Raises:
        ValueError: If inputs and targets differ in number, or `steps` or `learning_rate` is not
            positive, or, while it runs, if the loss is not finite.
    """
    if len(inputs) != len(targets):
        raise ValueError(f"targets must be as many as inputs, {len(inputs)}, got {len(targets)}")
    if not (steps > 0 and learning_rate > 0):
        raise ValueError(f"steps and learning_rate must be positive, got {steps}, {learning_rate}")
    return _updates(model, inputs, targets, loss, steps, learning_rate)


def _updates(model, inputs, targets, loss, steps, learning_rate) -> Iterator[Step]:
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    for step in range(steps + 1):
        value = loss(model(inputs), targets)
        if not value.isfinite():
            raise ValueError(f"loss must stay finite, got {value.item()} at step {step}")
        yield Step(step, value.item())
        if step < steps:
            optimizer.zero_grad()
            value.backward()
            optimizer.step()


# --8<-- [end:train]


# --8<-- [start:goals]
def accuracy(predictions: Int[Tensor, " example"], labels: Int[Tensor, " example"]) -> float:
    """Part of the examples that are classified right.

    Raises:
        ValueError: If the lengths differ, or a tensor is empty or not made of class numbers.
    """
    _require_pair(predictions, labels)
    return (predictions == labels).double().mean().item()


def recall(predictions: Int[Tensor, " example"], labels: Int[Tensor, " example"]) -> list[float]:
    """For each class, the part of its examples that is found; NaN for one without examples.

    Raises:
        ValueError: As `accuracy`.
    """
    return _part_of_hits(predictions, labels, among=labels)


def precision(predictions: Int[Tensor, " example"], labels: Int[Tensor, " example"]) -> list[float]:
    """For each class, the part of its predictions that is right; NaN for one never predicted.

    Raises:
        ValueError: As `accuracy`.
    """
    return _part_of_hits(predictions, labels, among=predictions)


def _part_of_hits(predictions: Tensor, labels: Tensor, among: Tensor) -> list[float]:
    _require_pair(predictions, labels)
    num_classes = int(torch.maximum(predictions, labels).max()) + 1
    hits = labels[predictions == labels].bincount(minlength=num_classes)
    return (hits.double() / among.bincount(minlength=num_classes)).tolist()


# --8<-- [end:goals]


# --8<-- [start:calibration]
def expected_calibration_error(
    probabilities: Float[Tensor, "example class"],
    labels: Int[Tensor, " example"],
    *,
    num_bins: int = 15,
) -> float:
    """Distance from confidence to accuracy, averaged over the examples of equally wide bins.

    Raises:
        ValueError: If `probabilities` is not made of probability rows, `labels` not of their
            classes, or `num_bins` is not positive.
    """
    require_probabilities("probabilities", probabilities, "example class")
    _require_classes("labels", labels, *probabilities.shape)
    if not num_bins > 0:
        raise ValueError(f"num_bins must be positive, got {num_bins}")
    confidence, predictions = probabilities.double().max(dim=1)
    edges = torch.linspace(0, 1, num_bins + 1, dtype=torch.float64)
    bins = torch.bucketize(confidence, edges[1:-1])  # each holds its upper edge
    excess = (predictions == labels).double() - confidence
    gaps = torch.zeros(num_bins, dtype=torch.float64).index_add(0, bins, excess)
    return gaps.abs().sum().item() / len(labels)


# --8<-- [end:calibration]


# --8<-- [start:temperature]
def fit_temperature(
    logits: Float[Tensor, "example class"], labels: Int[Tensor, " example"]
) -> float:
    """The temperature T for which `logits / T` have the lowest cross-entropy, found by bisection.

    Raises:
        ValueError: If `logits` is not finite, `labels` does not hold its classes, or no temperature
            is the best one: when every label has the largest logit, or not more than the average.
    """
    require_tensor("logits", logits, "example class")
    _require_classes("labels", labels, *logits.shape)
    logits = logits.double()
    wanted = logits.gather(1, labels[:, None]).mean()
    coldest, hottest = logits.amax(dim=1).mean(), logits.mean()  # what T = 0 and T = ∞ expect
    if not hottest < wanted < coldest:
        raise ValueError(
            f"labels must have a mean logit between the mean, {hottest:.4g}, and the mean largest, "
            f"{coldest:.4g}, or no temperature is best, got {wanted:.4g}"
        )
    scale = (logits.amax() - logits.amin()).item()
    low, high = scale * 1e-9, scale * 1e9
    for _ in range(100):
        middle = (low * high) ** 0.5
        expected = ((logits / middle).softmax(dim=1) * logits).sum(dim=1).mean()
        low, high = (middle, high) if expected > wanted else (low, middle)
    return high


# --8<-- [end:temperature]


# --8<-- [start:noise]
def flip_labels(
    labels: Int[Tensor, " example"],
    *,
    rate: float,
    num_classes: int,
    generator: torch.Generator,
) -> Int[Tensor, " example"]:
    """Labels of which each was replaced, with probability `rate`, by any of the other classes.

    Raises:
        ValueError: If `labels` is empty or not below `num_classes`, or `rate` is not in [0, 1].
    """
    _require_classes("labels", labels, num_classes=num_classes)
    if not 0 <= rate <= 1:
        raise ValueError(f"rate must be in [0, 1], got {rate}")
    if num_classes < 2:
        raise ValueError(f"num_classes must be at least 2, got {num_classes}")
    others = labels + torch.randint(1, num_classes, labels.shape, generator=generator)
    flipped = torch.rand(labels.shape, generator=generator) < rate
    return torch.where(flipped, others % num_classes, labels)


# --8<-- [end:noise]


# --8<-- [start:seeds]
class Interval(NamedTuple):
    """A mean, and half the width of its 95% interval."""

    mean: float
    half_width: float

    def __format__(self, spec: str) -> str:
        """Both numbers, each in the given format: `f"{interval:.2f}"`."""
        return f"{self.mean:{spec}} ± {self.half_width:{spec}}"


def mean_over_seeds(values: Sequence[float] | Float[Tensor, " seed"]) -> Interval:
    """Mean of one value per seed, with Student's 95% interval.

    Raises:
        ValueError: If there are fewer than two values, or one is not finite.
    """
    sample = torch.as_tensor(values, dtype=torch.float64)
    require_tensor("values", sample, "seed")
    if len(sample) < 2:
        raise ValueError(f"values must be at least 2, got {len(sample)}")
    student = stdtrit(len(sample) - 1, 0.975)
    return Interval(sample.mean().item(), float(student) * sample.std().item() / len(sample) ** 0.5)


# --8<-- [end:seeds]


def _require_pair(predictions: Tensor, labels: Tensor) -> None:
    _require_classes("predictions", predictions)
    _require_classes("labels", labels, length=len(predictions))


def _require_classes(
    name: str, classes: Tensor, length: int | None = None, num_classes: int | None = None
) -> None:
    if not isinstance(classes, Tensor):
        raise ValueError(f"{name} must be a tensor (example), got {type(classes).__name__}")
    if classes.dtype != torch.int64 or classes.ndim != 1:
        given = f"{classes.dtype} of the shape {tuple(classes.shape)}"
        raise ValueError(
            f"{name} must be class numbers, torch.int64 of shape (example), got {given}"
        )
    if len(classes) == 0:
        raise ValueError(f"{name} must not be empty")
    if length is not None and len(classes) != length:
        raise ValueError(f"{name} must hold {length} classes, one per example, got {len(classes)}")
    if classes.min() < 0 or (num_classes is not None and classes.max() >= num_classes):
        most = "up" if num_classes is None else f"to {num_classes - 1}"
        worst = classes.min() if classes.min() < 0 else classes.max()
        raise ValueError(f"{name} must be classes from 0 {most}, got {worst}")
