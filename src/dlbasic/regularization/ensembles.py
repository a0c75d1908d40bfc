"""Ensembles: several networks answer, and the answers are averaged.

Source: Krogh and Vedelsby, "Neural Network Ensembles, Cross Validation, and Active Learning",
NIPS 7, 1995, for `decompose_squared_error`; Hansen and Salamon, "Neural Network Ensembles",
IEEE Transactions on Pattern Analysis and Machine Intelligence 12(10), 1990, for the idea.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn.functional import cross_entropy

from dlbasic.checks import require_probabilities, require_same_shape, require_tensor
from dlbasic.regularization.bench import Examples


# --8<-- [start:average]
def average_probabilities(
    logits: Float[Tensor, "member example class"],
) -> Float[Tensor, "example class"]:
    """Arithmetic mean of the members' probabilities: a class counts if any member believes in it.

    Raises:
        ValueError: If `logits` is empty, not finite or not (member, example, class).
    """
    require_tensor("logits", logits, "member example class")
    return logits.softmax(dim=2).mean(dim=0)


def average_logits(
    logits: Float[Tensor, "member example class"],
) -> Float[Tensor, "example class"]:
    """Geometric mean of the members' probabilities, normalized: any member can veto a class.

    Raises:
        ValueError: As `average_probabilities`.
    """
    require_tensor("logits", logits, "member example class")
    return logits.mean(dim=0).softmax(dim=1)


# --8<-- [end:average]


class Decomposition(NamedTuple):
    """Average loss of the members, loss of their average, and the spread: what lies between."""

    members: float
    average: float
    spread: float


# --8<-- [start:squared]
def decompose_squared_error(
    predictions: Float[Tensor, "member example dim"], targets: Float[Tensor, "example dim"]
) -> Decomposition:
    """Squared error, summed over dim and averaged over the examples: members = average + spread.

    The spread is the members' mean squared distance from their average. It needs no targets.

    Raises:
        ValueError: If a shape does not fit, or a value is not finite.
    """
    _require_members("predictions", predictions, "dim", targets)
    require_tensor("targets", targets, "example dim")
    average = predictions.mean(dim=0)
    return Decomposition(
        members=_squared(predictions - targets),
        average=_squared(average - targets),
        spread=_squared(predictions - average),
    )


def _squared(differences: Tensor) -> float:
    return differences.square().sum(dim=-1).mean().item()


# --8<-- [end:squared]


# --8<-- [start:log]
def decompose_log_loss(
    logits: Float[Tensor, "member example class"], targets: Float[Tensor, "example class"]
) -> Decomposition:
    """Cross-entropy in nats of the members and of `average_logits`: members = average + spread.

    The spread is the mean Kullback–Leibler divergence from the average to the members. It needs
    no targets.

    Raises:
        ValueError: If a shape does not fit, a logit is not finite, or a target is no distribution.
    """
    _require_members("logits", logits, "class", targets)
    require_probabilities("targets", targets, "example class")
    log_p = logits.log_softmax(dim=2)
    log_average = logits.mean(dim=0).log_softmax(dim=1)
    return Decomposition(
        members=-(targets * log_p).sum(dim=2).mean().item(),
        average=-(targets * log_average).sum(dim=1).mean().item(),
        spread=(log_average.exp() * (log_average - log_p)).sum(dim=2).mean().item(),
    )


# --8<-- [end:log]


# --8<-- [start:correlation]
def error_correlation(
    predictions: Float[Tensor, "member example dim"], targets: Float[Tensor, "example dim"]
) -> float:
    """Mean product of two members' errors, over the mean square of one: 1 if all err alike.

    Raises:
        ValueError: As `decompose_squared_error`, and if there are fewer than two members, or none
            of them errs.
    """
    members, average, _ = decompose_squared_error(predictions, targets)
    num_members = len(predictions)
    if num_members < 2 or members == 0:
        given = f"{num_members} with the mean squared error {members:.4g}"
        raise ValueError(f"the members must be two or more, and err, got {given}")
    pairs = num_members**2 * average - num_members * members  # all products but the squares
    return pairs / (num_members * (num_members - 1) * members)


# --8<-- [end:correlation]


# --8<-- [start:train]
class Step(NamedTuple):
    """One update of every member: its number, and the loss of each on its batch, in nats."""

    step: int
    losses: Float[Tensor, " member"]


def train(
    members: Sequence[nn.Module],
    examples: Sequence[Examples],
    *,
    seeds: Sequence[int],
    steps: int = 200,
    batch_size: int = 50,
    learning_rate: float = 5e-3,
) -> Iterator[Step]:
    """Update each member as the bench would with its examples and its seed, but all at once.

    A layer is then one multiplication for all members, which is much faster. Between two steps
    each member may be used by itself.

    Args:
        members: Networks of one shape, without buffers. Their parameters become parts of a larger
            tensor.
        examples: What each member draws its batches from, equally many for each.
        seeds: Of the batches of each.
        steps: How many updates.
        batch_size: Examples per member and update.
        learning_rate: Of Adam.

    Raises:
        ValueError: If members, examples and seeds are not as many, the members differ in shape or
            have buffers, or `steps`, `batch_size` or `learning_rate` is not positive.
    """
    _require_trainable(members, examples, seeds)
    if not (steps > 0 and batch_size > 0 and learning_rate > 0):
        given = f"{steps}, {batch_size} and {learning_rate}"
        raise ValueError(f"steps, batch_size and learning_rate must be positive, got {given}")
    return _updates(members, examples, seeds, steps, batch_size, learning_rate)


def _updates(members, examples, seeds, steps, batch_size, learning_rate) -> Iterator[Step]:
    inputs, targets, _ = (torch.stack(part) for part in zip(*examples, strict=True))
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    stacked = _share_memory(members)
    optimizer = torch.optim.Adam(stacked.values(), lr=learning_rate, fused=True)
    everyone = torch.arange(len(members))[:, None]
    forward = vmap(lambda parameters, batch: functional_call(members[0], parameters, (batch,)))
    for step in range(1, steps + 1):
        size = inputs.shape[1], (batch_size,)
        batch = torch.stack([torch.randint(*size, generator=each) for each in generators])
        logits = forward(stacked, inputs[everyone, batch])
        losses = vmap(cross_entropy)(logits, targets[everyone, batch])
        optimizer.zero_grad()
        losses.sum().backward()  # a member's parameters are in its own loss only
        optimizer.step()
        yield Step(step, losses.detach())


def _share_memory(members: Sequence[nn.Module]) -> dict[str, Tensor]:
    """Stack the parameters of the members, who from then on hold views of the stacks."""
    stacked = {}
    for name, _ in members[0].named_parameters():
        own = [member.get_parameter(name) for member in members]
        stacked[name] = torch.stack([parameter.data for parameter in own])
        for parameter, part in zip(own, stacked[name], strict=True):
            parameter.data = part
        stacked[name].requires_grad_()
    return stacked


# --8<-- [end:train]


def _require_members(name: str, predictions: Tensor, last: str, targets: Tensor) -> None:
    require_tensor(name, predictions, f"member example {last}")
    require_same_shape("targets", targets, f"the {name} of a member", predictions[0])


def _require_trainable(members: Sequence, examples: Sequence, seeds: Sequence) -> None:
    if not len(members) == len(examples) == len(seeds) > 0:
        given = f"{len(members)}, {len(examples)} and {len(seeds)}"
        raise ValueError(f"members, examples and seeds must be as many, 1 or more, got {given}")
    shapes = {
        str([(name, tuple(part.shape)) for name, part in member.named_parameters()])
        for member in members
    }
    if len(shapes) > 1 or any(list(member.buffers()) for member in members):
        raise ValueError("members must be networks of one shape, without buffers")
    sizes = {tuple(part.shape) for each in examples for part in (each.inputs, each.targets)}
    if len(sizes) > 2 or len({size[0] for size in sizes}) > 1:
        raise ValueError(f"examples must be equally many for every member, got {sorted(sizes)}")
