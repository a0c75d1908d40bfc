"""Adam: each weight takes steps of its own size (2014).

Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, arXiv:1412.6980;
Reddi, Kale and Kumar, "On the Convergence of Adam and Beyond", ICLR 2018, for `amsgrad`.

Departs: paragraphs of scikit-learn's documentation for movie reviews; 8x8 digits for 28x28;
no bias, no dropout, and no penalty on the weights unless asked for; a learning rate that stays
as it is, where the paper divides it by the square root of the step.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dlbasic.checks import require, require_same_shape, require_tensor
from dlbasic.data.digits import load_digits
from dlbasic.data.docstrings import load_bag_of_words
from dlbasic.losses.cross_entropy import log_softmax


# --8<-- [start:data] Data: words, most of which are absent, and pixels, most of which are not
def sparse_problem() -> tuple[Float[Tensor, "example dim"], Float[Tensor, "example class"]]:
    """Word counts of paragraphs, and the area of scikit-learn that each documents, one-hot."""
    return load_bag_of_words(num_words=1000)


def dense_problem() -> tuple[Float[Tensor, "example dim"], Float[Tensor, "example class"]]:
    """Pixels in [0, 1] of handwritten digits, and the digit that each shows, one-hot."""
    images, digits = load_digits()
    return images.flatten(1), torch.eye(10)[digits]


# --8<-- [end:data]


# --8<-- [start:model] Model: multinomial logistic regression (sec. 6.1)
class LogisticRegression(nn.Module):
    """One weight per feature and class, all zero at the start.

    Raises:
        ValueError: If there is no feature, or fewer than two classes.
    """

    def __init__(self, num_features: int, num_classes: int) -> None:
        if num_features < 1 or num_classes < 2:
            raise ValueError(f"sizes must be 1 and 2 or more, got {num_features} and {num_classes}")
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(num_features, num_classes))

    def forward(self, features: Float[Tensor, "example dim"]) -> Float[Tensor, "example class"]:
        """Logits of the classes."""
        return features @ self.weight


def side_by_side(
    models: Sequence[LogisticRegression],
    features: Float[Tensor, "example dim"],
) -> Float[Tensor, "model example class"]:
    """Logits of several models for the same examples, by one multiplication.

    Raises:
        ValueError: If there is no model, or their weights differ in shape.
    """
    shapes = [tuple(model.weight.shape) for model in models]
    if len(set(shapes)) != 1:
        raise ValueError(f"models must be one or more with weights of one shape, got {shapes}")
    weights = torch.cat([model.weight for model in models], dim=1)
    return (features @ weights).unflatten(1, (len(models), -1)).movedim(1, 0)


# --8<-- [end:model]


# --8<-- [start:loss] Loss: the negative log-likelihood
def negative_log_likelihood(
    logits: Float[Tensor, "model example class"],
    targets: Float[Tensor, "example class"],
) -> Float[Tensor, " model"]:
    """Cross-entropy of each model's logits, in nats, averaged over the examples.

    Raises:
        ValueError: If the shapes do not fit, or a tensor is empty or not finite.
    """
    require_tensor("logits", logits, "model example class")
    require_same_shape("targets", targets, "the logits of a model", logits[0])
    log_probabilities = log_softmax(logits.flatten(0, 1)).view_as(logits)
    return -(targets * log_probabilities).sum(dim=2).mean(dim=1)


# --8<-- [end:loss]


# --8<-- [start:algorithm] Algorithm 1
class Adam:
    """Update parameters in place by steps of about the learning rate, whatever their gradients.

    Args:
        parameters: Tensors theta that require gradients.
        learning_rate: The paper's alpha. May be changed between steps.
        beta1: Part of the average gradient m that is kept each step.
        beta2: Part of the average squared gradient v that is kept each step.
        epsilon: Added to the root of v, in the gradient's unit.
        weight_decay: Adds this times theta to the gradient, as an L2 penalty does.
        amsgrad: Divide by the largest v so far (Reddi et al., algorithm 2).
        bias_correction: Make up for m and v starting at zero (sec. 3).

    Raises:
        ValueError: If a setting is out of its range, or a parameter is not a finite tensor.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        *,
        learning_rate: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        bias_correction: bool = True,
    ) -> None:
        for name, value in {"learning_rate": learning_rate, "epsilon": epsilon}.items():
            require(0 < value < math.inf, name, "positive and finite", value)
        require(0 <= beta1 < 1, "beta1", "in [0, 1)", beta1)
        require(0 <= beta2 < 1, "beta2", "in [0, 1)", beta2)
        require(0 <= weight_decay < math.inf, "weight_decay", "0 or more, finite", weight_decay)
        self.parameters = _require_parameters(parameters)
        self.learning_rate, self.epsilon = learning_rate, epsilon
        self.beta1, self.beta2 = beta1, beta2
        self.weight_decay, self.amsgrad = weight_decay, amsgrad
        self.t, self.bias_correction = 0, bias_correction
        self.m = [torch.zeros_like(theta) for theta in self.parameters]
        self.v = [torch.zeros_like(theta) for theta in self.parameters]
        self.v_max = [torch.zeros_like(theta) for theta in self.parameters]

    def zero_grad(self) -> None:
        """Forget the gradients of the last step."""
        for theta in self.parameters:
            theta.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Take one step along the gradients that `backward` has left.

        Raises:
            ValueError: If a parameter has no gradient, or one that is not finite. None has moved.
        """
        gradients = [_require_gradient(k, theta) for k, theta in enumerate(self.parameters)]
        self.t += 1
        correct_m = 1 - self.beta1**self.t if self.bias_correction else 1
        correct_v = 1 - self.beta2**self.t if self.bias_correction else 1
        weights = zip(self.parameters, gradients, self.m, self.v, self.v_max, strict=True)
        for theta, g, m, v, v_max in weights:
            if self.weight_decay:
                g = g + self.weight_decay * theta
            m.mul_(self.beta1).add_((1 - self.beta1) * g)
            v.mul_(self.beta2).add_((1 - self.beta2) * g.square())
            torch.maximum(v_max, v, out=v_max)
            v_hat = (v_max if self.amsgrad else v) / correct_v
            m_hat = m / correct_m
            theta -= self.learning_rate * m_hat / (v_hat.sqrt() + self.epsilon)


# --8<-- [end:algorithm]


# --8<-- [start:train] Training: several models, each with its optimizer, on the same batches
class Step(NamedTuple):
    """One update of every model: its number, and the loss of each on the batch before it."""

    step: int
    losses: Float[Tensor, " model"]


def train(
    models: Sequence[LogisticRegression],
    optimizers: Sequence[Adam | torch.optim.Optimizer],
    features: Float[Tensor, "example dim"],
    targets: Float[Tensor, "example class"],
    *,
    steps: int = 150,
    batch_size: int = 128,
    seed: int = 0,
) -> Iterator[Step]:
    """Update each model in place with its own optimizer, all on the same batches.

    Batches are drawn with replacement. What differs between two models is their optimizers alone.

    Raises:
        ValueError: If models and optimizers, or features and targets, do not pair up, or if
            `steps` or `batch_size` is not positive.
    """
    _require_examples(features, targets)
    if len(models) != len(optimizers):
        raise ValueError(f"optimizers must be {len(models)}, one a model, got {len(optimizers)}")
    if steps < 1 or batch_size < 1:
        raise ValueError(f"steps and batch_size must be positive, got {steps} and {batch_size}")
    generator = torch.Generator().manual_seed(seed)
    for step in range(steps):
        batch = torch.randint(len(features), (batch_size,), generator=generator)
        losses = negative_log_likelihood(side_by_side(models, features[batch]), targets[batch])
        for optimizer in optimizers:
            optimizer.zero_grad()
        losses.sum().backward()  # a model's weights are in its own loss only
        for optimizer in optimizers:
            optimizer.step()
        yield Step(step, losses.detach())


# --8<-- [end:train]


# --8<-- [start:race] Race: where each optimizer ends
class Result(NamedTuple):
    """Loss on the training examples, in nats, and accuracy on the held-out ones."""

    losses: Float[Tensor, " model"]
    accuracies: Float[Tensor, " model"]


def race(
    optimizers: Sequence[Callable[[Iterable[Tensor]], Adam | torch.optim.Optimizer]],
    features: Float[Tensor, "example dim"],
    targets: Float[Tensor, "example class"],
    *,
    steps: int = 150,
    seed: int = 0,
) -> Result:
    """Train one model by each optimizer on four fifths of the examples; the seed deals them out.

    Args:
        optimizers: What makes each optimizer out of the parameters of its model.
        features: One row per example.
        targets: Likewise, one-hot.
        steps: How many batches to train on.
        seed: Of the split and of the batches.

    Raises:
        ValueError: As `train`, and if there are fewer than five examples.
    """
    _require_examples(features, targets, at_least=5)
    order = torch.randperm(len(features), generator=torch.Generator().manual_seed(seed))
    held_out, rest = order[: len(order) // 5], order[len(order) // 5 :]
    models = [LogisticRegression(features.shape[1], targets.shape[1]) for _ in optimizers]
    made = [make(model.parameters()) for make, model in zip(optimizers, models, strict=True)]
    list(train(models, made, features[rest], targets[rest], steps=steps, seed=seed))
    logits = side_by_side(models, features).detach()
    losses = negative_log_likelihood(logits[:, rest], targets[rest])
    hits = logits[:, held_out].argmax(dim=2) == targets[held_out].argmax(dim=1)
    return Result(losses, hits.float().mean(dim=1))


# --8<-- [end:race]


def _require_examples(features: Tensor, targets: Tensor, *, at_least: int = 1) -> None:
    require_tensor("features", features, "example dim")
    require_tensor("targets", targets, "example class")
    if len(features) != len(targets):
        raise ValueError(f"targets must be {len(features)}, one an example, got {len(targets)}")
    if len(features) < at_least:
        raise ValueError(f"the examples must be {at_least} or more, got {len(features)}")


def _require_parameters(parameters: Iterable[Tensor]) -> list[Tensor]:
    tensors = list(parameters)
    if len({id(theta) for theta in tensors}) < max(1, len(tensors)):
        raise ValueError(f"parameters must be different tensors, 1 or more, got {len(tensors)}")
    for k, theta in enumerate(tensors):
        if not (isinstance(theta, Tensor) and theta.is_leaf and theta.requires_grad):
            raise ValueError(f"parameter {k} must be a leaf tensor that requires gradients")
        require_tensor(f"parameter {k}", theta.detach().flatten(), "element")
    return tensors


def _require_gradient(k: int, theta: Tensor) -> Tensor:
    if theta.grad is None:
        raise ValueError(f"parameter {k} must have a gradient: call backward() before step()")
    require_tensor(f"the gradient of parameter {k}", theta.grad.flatten(), "element")
    return theta.grad
