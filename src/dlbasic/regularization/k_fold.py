"""K-fold validation: each example is held out once, and the folds' results are averaged.

Source: Stone, "Cross-Validatory Choice and Assessment of Statistical Predictions", Journal of the
Royal Statistical Society B 36(2), 1974, for the idea; Kohavi, "A Study of Cross-Validation and
Bootstrap for Accuracy Estimation and Model Selection", IJCAI 1995, for stratified folds.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor

from dlbasic.checks import require_indices


class Fold(NamedTuple):
    """Indices, sorted, of the examples to train on and of those to measure on."""

    train: Int[Tensor, " train"]
    held_out: Int[Tensor, " held_out"]


# --8<-- [start:k_fold]
def k_fold(order: Int[Tensor, " example"], *, folds: int) -> list[Fold]:
    """Cut the examples, in this order, into parts, and hold each out once.

    The parts differ by one example at most, and the larger ones come first.

    Args:
        order: Every index once: `torch.arange`, or `torch.randperm` to shuffle.
        folds: How many parts.

    Raises:
        ValueError: If `order` does not hold each index from 0 once, or `folds` is not an integer
            from 2 to their number.
    """
    _require_order(order)
    _require_folds(folds, len(order), "the number of examples")
    return _hold_each_out(order.tensor_split(folds))


def _hold_each_out(parts: Sequence[Tensor]) -> list[Fold]:
    rest = [torch.cat([*parts[:k], *parts[k + 1 :]]) for k in range(len(parts))]
    pairs = zip(rest, parts, strict=True)
    return [Fold(train.sort().values, held_out.sort().values) for train, held_out in pairs]


# --8<-- [end:k_fold]


# --8<-- [start:stratified]
def stratified_k_fold(
    labels: Int[Tensor, " example"], order: Int[Tensor, " example"], *, folds: int
) -> list[Fold]:
    """As `k_fold`, but each part holds as much of every class as the whole does, up to one example.

    The examples are dealt out like cards, one class after the other, as the labels first name them.

    Args:
        labels: The class of each example.
        order: As for `k_fold`. Within a class, examples that come first here go to the first parts.
        folds: How many parts.

    Raises:
        ValueError: As `k_fold`; if labels and order differ in length; or if a class has fewer
            examples than there are folds.
    """
    require_indices("labels", labels, 2**63 - 1, "example")
    _require_order(order)
    if len(labels) != len(order):
        raise ValueError(f"labels must be as many as order, {len(order)}, got {len(labels)}")
    classes = list(dict.fromkeys(labels.tolist()))
    members = [order[labels[order] == label] for label in classes]
    fewest = min(map(len, members))
    _require_folds(folds, fewest, "the size of the rarest class")
    dealt = (torch.arange(len(order)) % folds).split([len(some) for some in members])
    part_of = torch.cat([parts.sort().values for parts in dealt])
    return _hold_each_out([torch.cat(members)[part_of == part] for part in range(folds)])


# --8<-- [end:stratified]


# --8<-- [start:cross_validate]
def cross_validate(
    measure: Callable[[Tensor, Tensor, Tensor, Tensor], float],
    inputs: Shaped[Tensor, "example ..."],
    targets: Shaped[Tensor, "example ..."],
    folds: Iterable[Fold],
) -> Float[Tensor, " fold"]:
    """What `measure` returns for each fold, in float64.

    Args:
        measure: Trains a fresh model on its first two arguments, inputs and targets, and measures
            it on the other two. All that is fitted to data belongs inside: scaling, selection.
        inputs: One entry per example.
        targets: Likewise.
        folds: Which examples to train on and which to measure on.

    Raises:
        ValueError: If the lengths differ, there is no fold, an index is not one of the examples,
            or a fold trains on what it holds out.
    """
    if len(inputs) != len(targets):
        raise ValueError(f"targets must be as many as inputs, {len(inputs)}, got {len(targets)}")
    results = []
    for train, held_out in folds:
        require_indices("train", train, len(inputs), "example")
        require_indices("held_out", held_out, len(inputs), "example")
        if (shared := int(torch.isin(train, held_out).sum())) > 0:
            raise ValueError(f"train and held_out must share no example, got {shared}")
        held_in = inputs[train], targets[train]
        results.append(measure(*held_in, inputs[held_out], targets[held_out]))
    if not results:
        raise ValueError("folds must be one or more, got none")
    return torch.tensor(results, dtype=torch.float64)


# --8<-- [end:cross_validate]


def _require_order(order: Tensor) -> None:
    require_indices("order", order, len(order) if isinstance(order, Tensor) else 0, "example")
    if (missing := len(order) - len(order.unique())) > 0:
        raise ValueError(f"order must hold each index once, got {missing} of them missing")


def _require_folds(folds: int, most: int, what: str) -> None:
    if not isinstance(folds, int) or not 2 <= folds <= most:
        raise ValueError(f"folds must be an integer from 2 to {what}, {most}, got {folds}")
