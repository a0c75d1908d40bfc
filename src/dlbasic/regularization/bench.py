"""The bench: one problem, one network and one budget, on which techniques are compared.

Every seed deals out the examples, the wrong labels, the initial weights and the batches, and they
are the same whatever the technique: two runs of one seed differ in their techniques alone.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import one_hot

from dlbasic.checks import require_probabilities, require_tensor
from dlbasic.data.digits import load_digits, split
from dlbasic.losses.cross_entropy import cross_entropy
from dlbasic.losses.loss_and_goal import accuracy, expected_calibration_error, flip_labels

Insert = Callable[..., nn.Module]
MakeOptimizer = Callable[[Iterable[nn.Parameter]], Any]  # with zero_grad() and step()
Mix = Callable[[Tensor, Tensor, torch.Generator], tuple[Tensor, Tensor]]


# --8<-- [start:problem]
class Examples(NamedTuple):
    """Pixels in [0, 1], the labels as they were given, and what the images show, both one-hot."""

    inputs: Float[Tensor, "example dim"]
    targets: Float[Tensor, "example class"]
    truth: Float[Tensor, "example class"]


class Problem(NamedTuple):
    """Examples to train on, to choose with, and to measure with. No set shares one with another."""

    train: Examples
    validation: Examples
    test: Examples


def load_problem(
    *, seed: int, train: int = 200, validation: int = 200, wrong: float = 0.3
) -> Problem:
    """Real 8×8 digits, of whose labels some are wrong, in the test set as in the others.

    Args:
        seed: Of the wrong labels and of the split. The rest are test examples.
        train: How many examples to train on.
        validation: How many examples to choose with.
        wrong: The probability that a label is replaced by one of the nine others.

    Raises:
        ValueError: If `wrong` is not a probability, or the sets do not fit into 1,797 digits.
    """
    images, digits = load_digits()
    generator = torch.Generator().manual_seed(seed)
    labels = flip_labels(digits, rate=wrong, num_classes=10, generator=generator)
    both = torch.stack([labels, digits], dim=1)
    sets = split(images.flatten(1), both, train=train, validation=validation, seed=seed)
    return Problem(*(Examples(x, *one_hot(y, 10).float().unbind(dim=1)) for x, y in sets))


# --8<-- [end:problem]


# --8<-- [start:network]
class Network(nn.Module):
    """64 pixels, hidden layers with rectifiers, and the logits of ten digits.

    Args:
        seed: Of the initial weights (He et al., 2015, eq. 10, uniform). The biases start at zero.
        hidden: The width of each hidden layer.
        insert: Makes the layer that comes between each linear map of the given width and its
            rectifier, such as dropout. It must not draw from torch's global generator.

    Raises:
        ValueError: If a width is not positive.
    """

    def __init__(
        self, *, seed: int, hidden: Sequence[int] = (128, 128), insert: Insert | None = None
    ) -> None:
        if min(hidden, default=1) < 1:
            raise ValueError(f"the hidden widths must be positive, got {tuple(hidden)}")
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.layers, width = nn.Sequential(), 64
        for out in hidden:
            self.layers.append(_linear(width, out, generator))
            if insert is not None:
                self.layers.append(insert(out))
            self.layers.append(nn.ReLU())
            width = out
        self.layers.append(_linear(width, 10, generator))

    def forward(self, inputs: Float[Tensor, "batch dim"]) -> Float[Tensor, "batch class"]:
        """Logits of the ten digits."""
        return self.layers(inputs)


def _linear(width: int, out: int, generator: torch.Generator) -> nn.Linear:
    layer = nn.Linear(width, out, device="meta").to_empty(device="cpu")  # draws nothing
    nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu", generator=generator)
    nn.init.zeros_(layer.bias)
    return layer


# --8<-- [end:network]


# --8<-- [start:train]
def adam(parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Adam with the learning rate of the bench, and no technique."""
    return torch.optim.Adam(parameters, lr=5e-3, fused=True)  # fused: the same, in less time


class Step(NamedTuple):
    """One update: its number, counted from 1, and the loss in nats on its batch before it."""

    step: int
    loss: float


def train(
    network: nn.Module,
    examples: Examples,
    *,
    seed: int,
    steps: int = 200,
    batch_size: int = 50,
    optimizer: MakeOptimizer = adam,
    mix: Mix | None = None,
) -> Iterator[Step]:
    """Update `network` in place, in training mode, yielding one `Step` per update.

    Args:
        network: From pixels to logits. Between two steps the caller may measure it.
        examples: Batches are drawn from these, with replacement, so the labels are the given ones.
        seed: Of the batches. What `mix` draws does not change them.
        steps: The budget.
        batch_size: Examples per step.
        optimizer: Makes the optimizer out of the network's parameters.
        mix: Makes other inputs and targets out of those of a batch, such as mixup.

    Raises:
        ValueError: If inputs and targets do not fit, or `steps` or `batch_size` is not positive.
    """
    require_tensor("inputs", examples.inputs, "example dim")
    require_probabilities("targets", examples.targets, "example class")
    if (count := len(examples.inputs)) != len(examples.targets):
        given = f"{count} and {len(examples.targets)}"
        raise ValueError(f"inputs and targets must be as many, got {given}")
    if steps < 1 or batch_size < 1:
        raise ValueError(f"steps and batch_size must be positive, got {steps} and {batch_size}")
    updater = optimizer(network.parameters())
    batches, mixing = (torch.Generator().manual_seed(seed) for _ in range(2))
    for step in range(1, steps + 1):
        batch = torch.randint(count, (batch_size,), generator=batches)
        inputs, targets = examples.inputs[batch], examples.targets[batch]
        if mix is not None:
            inputs, targets = mix(inputs, targets, mixing)
        network.train()
        loss = nn.functional.cross_entropy(network(inputs), targets)
        updater.zero_grad()
        loss.backward()
        updater.step()
        yield Step(step, loss.item())


def fit(examples: Examples, *, seed: int, insert: Insert | None = None, **settings: Any) -> Network:
    """A network of the bench after its whole training; as it comes, the plain one.

    Args:
        examples: As in `train`.
        seed: Of the initial weights and of the batches.
        insert: As in `Network`.
        settings: As in `train`.

    Raises:
        ValueError: As `train`.
    """
    network = Network(seed=seed, insert=insert)
    list(train(network, examples, seed=seed, **settings))
    return network


# --8<-- [end:train]


# --8<-- [start:measure]
class Measures(NamedTuple):
    """Cross-entropy in nats, part of the labels predicted, and expected calibration error."""

    loss: float
    accuracy: float
    calibration: float


def predict(
    network: nn.Module, inputs: Float[Tensor, "example dim"]
) -> Float[Tensor, "example class"]:
    """Logits without gradients, in evaluation mode. The network's mode is as before."""
    mode = network.training
    with torch.no_grad():
        logits = network.eval()(inputs)
    network.train(mode)
    return logits


def measure(
    logits: Float[Tensor, "example class"], targets: Float[Tensor, "example class"]
) -> Measures:
    """Loss, accuracy and calibration of these logits against one-hot targets.

    Raises:
        ValueError: If the shapes differ, a tensor is not finite, or a target is no distribution.
    """
    loss, labels = cross_entropy(logits, targets).item(), targets.argmax(dim=1)
    calibration = expected_calibration_error(logits.softmax(dim=1), labels)
    return Measures(loss, accuracy(logits.argmax(dim=1), labels), calibration)


# --8<-- [end:measure]


# --8<-- [start:learn]
def learn(
    problem: Problem,
    seed: int,
    *,
    insert: Insert | None = None,
    stopping: Callable[[Network], Any] | None = None,
    members: int = 1,
    **settings: Any,
) -> Callable[[Tensor], Tensor]:
    """Train with any techniques together; return what turns inputs into log-probabilities.

    Args:
        problem: Its training set trains, and its validation set tells when to stop.
        seed: Of the weights, the batches and all noise. A further member has a seed of its own.
        insert: As in `Network`, but called with a `generator` to draw from as well.
        stopping: Makes, for a network, what has `should_stop` and `restore`, as `EarlyStopping`;
            it is asked every five steps.
        members: How many networks to train, whose probabilities are averaged.
        settings: As in `train`.

    Raises:
        ValueError: As `train`, or if `members` is not positive.
    """
    if members < 1:
        raise ValueError(f"members must be positive, got {members}")

    x, y, _ = problem.validation
    networks = []
    for member in range(members):
        own = seed + 1000 * member
        noise = torch.Generator().manual_seed(own)
        network = Network(seed=own, insert=insert and partial(insert, generator=noise))
        rule = stopping and stopping(network)
        for step, _ in train(network, problem.train, seed=own, **settings):
            if rule and step % 5 == 0 and rule.should_stop(measure(predict(network, x), y).loss):
                break
        if rule:
            rule.restore()
        networks.append(network)
    return lambda x: torch.stack([predict(n, x).softmax(dim=1) for n in networks]).mean(0).log()


class Outcome(NamedTuple):
    """What a technique reached: on its labels, on new labels, on new digits, at what cost."""

    train: Measures
    test: Measures
    digits: float
    seconds: float

    @property
    def gap(self) -> float:
        """Test loss less training loss, in nats."""
        return self.test.loss - self.train.loss


def trial(
    technique: Callable[[Problem, int], Callable[[Tensor], Tensor]], problem: Problem, *, seed: int
) -> Outcome:
    """Let a technique learn from a problem, and measure what it made.

    Args:
        technique: Given the problem and a seed, it returns what turns inputs into logits. It may
            train on the training set and choose with the validation set.
        problem: The examples.
        seed: Of everything that the technique draws.

    Raises:
        ValueError: As `measure`.
    """
    start = time.process_time()
    predictor, seconds = technique(problem, seed), time.process_time() - start
    logits = predictor(problem.test.inputs)
    return Outcome(
        measure(predictor(problem.train.inputs), problem.train.targets),
        measure(logits, problem.test.targets),
        measure(logits, problem.test.truth).accuracy,
        seconds,
    )


# --8<-- [end:learn]
