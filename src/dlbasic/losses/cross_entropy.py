"""Cross-entropy, from probabilities and from logits.

Summed over the classes of an example and averaged over the examples, as `torch.nn` does. Targets
are probability rows, one-hot or soft; class indices are refused.

Source: Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs, with
Relationships to Statistical Pattern Recognition", Neurocomputing, 1990, for `softmax`;
Blanchard, Higham and Higham, "Accurately Computing the Log-Sum-Exp and Softmax Functions",
IMA Journal of Numerical Analysis 41(4), 2021, for the shift by the largest logit; Szegedy et
al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016, section 7, for
`smooth_labels`.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from dlbasic.checks import require_probabilities, require_same_shape, require_tensor


# --8<-- [start:probabilities]
def cross_entropy_from_probabilities(
    probabilities: Float[Tensor, "example class"],
    targets: Float[Tensor, "example class"],
) -> Float[Tensor, ""]:
    """Surprise at the targets, in nats, averaged over the examples.

    Infinite if a target was given the probability 0. A class that is no target counts 0,
    whatever its probability: 0 log 0 = 0.

    Raises:
        ValueError: If the shapes differ, or if either tensor is not made of probability rows.
    """
    _require_pair("probabilities", probabilities, targets)
    require_probabilities("probabilities", probabilities, "example class")
    counted = torch.where(targets > 0, probabilities, 1.0)  # before the log: no 0/0 in the gradient
    return -(targets * counted.log()).sum(dim=1).mean()


# --8<-- [end:probabilities]


# --8<-- [start:softmax]
def softmax(logits: Float[Tensor, "example class"]) -> Float[Tensor, "example class"]:
    """Probabilities of the classes: positive, and each row sums to 1.

    Raises:
        ValueError: If `logits` is empty, not finite or not (example, class).
    """
    require_tensor("logits", logits, "example class")
    shifted = logits - logits.amax(dim=1, keepdim=True)
    exponentials = shifted.exp()
    return exponentials / exponentials.sum(dim=1, keepdim=True)


# --8<-- [end:softmax]


# --8<-- [start:logits]
def log_softmax(logits: Float[Tensor, "example class"]) -> Float[Tensor, "example class"]:
    """Logarithm of `softmax`, in nats, also where the probability itself rounds to 0.

    Raises:
        ValueError: As `softmax`.
    """
    require_tensor("logits", logits, "example class")
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted - shifted.exp().sum(dim=1, keepdim=True).log()


def cross_entropy(
    logits: Float[Tensor, "example class"],
    targets: Float[Tensor, "example class"],
) -> Float[Tensor, ""]:
    """Surprise at the targets under `softmax(logits)`, in nats, averaged over the examples.

    Raises:
        ValueError: If the shapes differ, if `logits` is not finite, or if `targets` is not made
            of probability rows.
    """
    _require_pair("logits", logits, targets)
    counted = torch.where(targets > 0, log_softmax(logits), 0.0)
    return -(targets * counted).sum(dim=1).mean()


# --8<-- [end:logits]


# --8<-- [start:gradient]
def cross_entropy_gradient(
    logits: Float[Tensor, "example class"],
    targets: Float[Tensor, "example class"],
) -> Float[Tensor, "example class"]:
    """Gradient of `cross_entropy` with respect to the logits. Each row sums to 0.

    Raises:
        ValueError: As `cross_entropy`.
    """
    _require_pair("logits", logits, targets)
    num_examples = len(logits)
    return (softmax(logits) - targets) / num_examples


# --8<-- [end:gradient]


# --8<-- [start:smoothing]
def smooth_labels(
    targets: Float[Tensor, "example class"],
    *,
    smoothing: float = 0.1,
) -> Float[Tensor, "example class"]:
    """Targets that give away a part of their probability, spread evenly over all classes.

    Args:
        targets: Probability rows.
        smoothing: The part to spread, from 0 (none) to 1 (all of it).

    Raises:
        ValueError: If `targets` is not made of probability rows, or `smoothing` not in [0, 1].
    """
    _require_targets(targets)
    if not 0 <= smoothing <= 1:
        raise ValueError(f"smoothing must be in [0, 1], got {smoothing}")
    num_classes = targets.shape[1]
    return (1 - smoothing) * targets + smoothing / num_classes


# --8<-- [end:smoothing]


def _require_pair(name: str, scores: Tensor, targets: Tensor) -> None:
    _require_targets(targets)
    require_same_shape("targets", targets, name, scores)


def _require_targets(targets: Tensor) -> None:
    if isinstance(targets, Tensor) and targets.ndim != 2:
        shape = tuple(targets.shape)
        raise ValueError(f"targets must be one-hot rows of shape (example, class), got {shape}")
    require_probabilities("targets", targets, "example class")
