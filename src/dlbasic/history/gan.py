"""Generative adversarial nets: one network makes digits, another tries to tell them apart (2014).

Source: Goodfellow, Pouget-Abadie, Mirza, Xu, Warde-Farley, Ozair, Courville and Bengio,
"Generative Adversarial Nets", NIPS 2014, arXiv:1406.2661. What the paper leaves open is as in the
authors' code, github.com/goodfeli/adversarial, mnist.yaml.

Departs: digits of 12x12 pixels for 28x28; smaller networks, whose first weights depend on their
size; other rates of dropout; Adam with a falling learning rate for momentum; several games at once
that share nothing but the data.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from dlbasic.checks import require, require_pair, require_tensor
from dlbasic.data.mnist import load_mnist

Batch = Float[Tensor, "game batch _"]
Logits = Float[Tensor, "game batch"]
Grid = Float[Tensor, " point"]
Dice = Sequence[torch.Generator]  # one for each game; all its chance comes from there


# --8<-- [start:data] Data: real digits, and noise
def small_digits() -> tuple[Float[Tensor, "example dim"], Int[Tensor, " example"]]:
    """12x12 pixels in [0, 1], each the mean of four of MNIST without its margin, and the digit."""
    images, digits = load_mnist()
    return nn.functional.avg_pool2d(images[:, 2:26, 2:26], 2).flatten(1), digits


def roll(seeds: Iterable[int]) -> Dice:
    """Dice for as many games as there are seeds."""
    return [torch.Generator().manual_seed(seed) for seed in seeds]


def noise(dice: Dice, count: int, dim: int) -> Batch:
    """Noise z, uniform from -1 to 1, for each game from its own dice.

    Raises:
        ValueError: If there are no dice, or a size is not positive.
    """
    return 2 * _uniform(dice, count, dim) - 1


# --8<-- [end:data]


# --8<-- [start:model] Model: G of rectifiers and sigmoids, D of maxout with dropout (sec. 5)
class Dense(nn.Module):
    """Affine maps, a W and a b for each game; W starts uniform up to (`gain` / `inputs`) ** 0.5."""

    def __init__(self, inputs: int, outputs: int, *, gain: float, dice: Dice) -> None:
        super().__init__()
        self.weight = nn.Parameter(noise(dice, inputs, outputs) * (gain / inputs) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(len(dice), 1, outputs))

    def forward(self, x: Batch) -> Batch:
        """Return x W + b."""
        return torch.baddbmm(self.bias, x, self.weight)


class Generator(nn.Module):
    """G: noise to examples in [0, 1], by layers of rectifiers and one of sigmoids.

    Args:
        sizes: Of the noise, of each hidden layer, and of an example.
        average: The mean example of the data, where the sigmoids start, as in the authors' code.
        dice: One for each game.

    Raises:
        ValueError: If a size is not positive, or `average` does not fit the last, or [0, 1].
    """

    def __init__(self, sizes: Sequence[int], *, average: Float[Tensor, " dim"], dice: Dice) -> None:
        require_tensor("average", average, "dim")
        fit = len(sizes) > 1 and sizes[-1] == len(average)
        require(fit, "sizes", f"two or more, the last {len(average)} as of the average", sizes)
        low, high = (end.item() for end in average.aminmax())
        require(0 <= low <= high <= 1, "average", "in [0, 1]", f"{low:.4g} to {high:.4g}")
        super().__init__()
        pairs = itertools.pairwise(sizes)
        layers = [Dense(i, o, gain=6.0, dice=dice) for i, o in pairs]
        layers[-1].bias.data += average.clamp(0.002, 0.998).logit()
        self.layers = nn.ModuleList(layers)
        self.noise_dim = sizes[0]

    def forward(self, z: Batch) -> Batch:
        """Return G(z)."""
        require_tensor("z", z, "game batch dim")
        *hidden, last = self.layers
        for layer in hidden:
            z = layer(z).relu()
        return last(z).sigmoid()


def maxout(x: Float[Tensor, "*batch dim"], *, pieces: int) -> Float[Tensor, "*batch unit"]:
    """Return the largest of the pieces of each unit; all units' first pieces come first.

    Raises:
        ValueError: If the last axis is no multiple of `pieces`.
    """
    whole = pieces > 0 and x.shape[-1] % pieces == 0
    require(whole, "pieces", f"a divisor of the last axis, {x.shape[-1]}", pieces)
    return x.unflatten(-1, (pieces, -1)).amax(dim=-2)


def dropout(x: Batch, *, keep: float, dice: Dice) -> Batch:
    """Set each number to 0 with the probability 1 - `keep`, and divide the others by `keep`.

    Raises:
        ValueError: If `keep` is not in (0, 1], or the dice are not as many as the games.
    """
    require(0 < keep <= 1, "keep", "in (0, 1]", keep)
    require(len(dice) == len(x), "dice", f"{len(x)}, one a game", len(dice))
    return x if keep == 1 else x * ((_uniform(dice, *x.shape[1:]) < keep) / keep).to(x)


class Discriminator(nn.Module):
    """D: an example to the logit of the probability that it is real, by two layers of maxout.

    Args:
        inputs: How many numbers an example has.
        units: Of each hidden layer.
        pieces: Affine maps of each unit.
        keep: The part that dropout keeps, of the inputs and of each hidden layer.
        dice: One for each game.

    Raises:
        ValueError: If a size is not positive.
    """

    def __init__(
        self, inputs: int, *, units: int, pieces: int, keep: tuple[float, float], dice: Dice
    ) -> None:
        super().__init__()
        pairs = [(inputs, units * pieces), (units, units * pieces), (units, 1)]
        self.layers = nn.ModuleList(Dense(i, o, gain=3.0, dice=dice) for i, o in pairs)
        self.pieces, self.keep = pieces, (*keep, keep[-1])

    def forward(self, x: Batch, *, dice: Dice | None = None) -> Logits:
        """Return the logits; with dropout, which is for training, if there are dice."""
        require_tensor("x", x, "game batch dim")
        for layer, keep in zip(self.layers, self.keep, strict=True):
            x = layer(x if dice is None else dropout(x, keep=keep, dice=dice))
            x = x if layer is self.layers[-1] else maxout(x, pieces=self.pieces)
        return x.squeeze(2)


# --8<-- [end:model]


# --8<-- [start:loss] Loss: the value of the game (eq. 1), and two losses of G (sec. 3)
def value(real_logits: Logits, fake_logits: Logits) -> Float[Tensor, " game"]:
    """V: the mean of log D(x) plus that of log(1 - D(G(z))), in nats. D raises it.

    Raises:
        ValueError: If the shapes differ, or logits are not finite.
    """
    require_pair("fake_logits", fake_logits, "real_logits", real_logits, "game batch")
    return logsigmoid(real_logits).mean(dim=1) + logsigmoid(-fake_logits).mean(dim=1)


def generator_loss(fake_logits: Logits, *, saturating: bool = False) -> Float[Tensor, " game"]:
    """Minus the mean of log D(G(z)); if `saturating`, the mean of log(1 - D(G(z))). In nats.

    Raises:
        ValueError: If logits are not finite.
    """
    require_tensor("fake_logits", fake_logits, "game batch")
    return (logsigmoid(-fake_logits) if saturating else -logsigmoid(fake_logits)).mean(dim=1)


# --8<-- [end:loss]


# --8<-- [start:algorithm] Algorithm 1
class Step(NamedTuple):
    """One update of G: its number, and the value V of each game before the last update of D."""

    step: int
    values: Float[Tensor, " game"]


def train(
    generator: Generator,
    discriminator: Discriminator,
    reals: Float[Tensor, "example dim"],
    *,
    steps: int,
    k: int = 1,
    batch_size: int = 32,
    learning_rates: tuple[float, float] = (0.006, 0.012),
    saturating: bool = False,
    dice: Dice,
) -> Iterator[Step]:
    """Update both networks in place: D `k` times, then G once; the rates of G and D fall to 0.

    Raises:
        ValueError: If a number is not positive, or the dice are not as many as the games.
    """
    require_tensor("reals", reals, "example dim")
    settings = (steps, k, batch_size, *learning_rates)
    require(min(settings) > 0, "steps, k, batch_size and learning_rates", "positive", settings)
    games = [len(dice), *(len(next(p.parameters())) for p in (generator, discriminator))]
    require(len(set(games)) == 1, "dice and the games of G and D", "equally many", games)
    players = zip((generator, discriminator), learning_rates, strict=True)
    g, d = (torch.optim.Adam(p.parameters(), lr, (0.5, 0.999), fused=True) for p, lr in players)
    values = reals.new_zeros(len(dice))
    for step in range(steps):
        for optimizer, rate in zip((g, d), learning_rates, strict=True):
            optimizer.param_groups[0]["lr"] = rate * (1 - step / steps)
        for _ in range(k):
            batch = (_uniform(dice, batch_size) * len(reals)).long()
            fakes = generator(noise(dice, batch_size, generator.noise_dim).to(reals)).detach()
            both = torch.cat([reals[batch], fakes], dim=1)
            values = value(*discriminator(both, dice=dice).chunk(2, dim=1))
            d.zero_grad()
            (-values.sum()).backward()
            d.step()
        fakes = generator(noise(dice, batch_size, generator.noise_dim).to(reals))
        losses = generator_loss(discriminator(fakes, dice=dice), saturating=saturating)
        g.zero_grad()
        losses.sum().backward(inputs=list(generator.parameters()))  # D is only looked through
        g.step()
        yield Step(step, values.detach())


# --8<-- [end:algorithm]


# --8<-- [start:expected_value] What a game is worth, for densities that one knows (sec. 4.1)
def expected_value(log_p: Grid, log_q: Grid, logits: Grid, *, width: float) -> float:
    """V of the D that has these logits, by a sum over points that are `width` apart.

    Raises:
        ValueError: If the shapes differ, a number is not finite, or `width` is not positive.
    """
    require_pair("log_q", log_q, "log_p", log_p, "point")
    require_pair("logits", logits, "log_p", log_p, "point")
    require(0 < width < math.inf, "width", "positive and finite", width)
    return width * (log_p.exp() @ logsigmoid(logits) + log_q.exp() @ logsigmoid(-logits)).item()


# --8<-- [end:expected_value]


# --8<-- [start:parzen] The paper's measure: a Parzen window (sec. 5)
def parzen(
    points: Float[Tensor, "example dim"], samples: Float[Tensor, "sample dim"], *, sigma: float
) -> Float[Tensor, " example"]:
    """Log density of each point, in nats, under a Gaussian of width `sigma` at each sample.

    Raises:
        ValueError: If the dimensions differ, a set has fewer than two, a number is not finite, or
            `sigma` is not positive.
    """
    _require_sets(points, samples)
    require(0 < sigma < math.inf, "sigma", "positive and finite", sigma)
    squares = points.square().sum(dim=1, keepdim=True) + samples.square().sum(dim=1)
    kernels = -(squares - 2 * points @ samples.T) / (2 * sigma**2)
    volume = math.log(len(samples)) + points.shape[1] / 2 * math.log(math.tau * sigma**2)
    return kernels.logsumexp(dim=1) - volume


# --8<-- [end:parzen]


# --8<-- [start:frechet_distance] A later measure: the Frechet distance of features
def frechet_distance(
    features: Float[Tensor, "example dim"], others: Float[Tensor, "other dim"]
) -> float:
    """Squared distance of the two Gaussians with the means and covariances of the features.

    Source: Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
    Equilibrium", NIPS 2017.

    Raises:
        ValueError: If the dimensions differ, a set has fewer than two, or a number is not finite.
    """
    _require_sets(features, others)
    a, b = ((rows - rows.mean(dim=0)) / (len(rows) - 1) ** 0.5 for rows in (features, others))
    roots = [torch.linalg.qr(rows, mode="r").R for rows in (a, b)]  # R' R is the covariance
    mixed = torch.linalg.svdvals(roots[0] @ roots[1].T).sum()
    between = (features.mean(dim=0) - others.mean(dim=0)).square().sum()
    return (between + a.square().sum() + b.square().sum() - 2 * mixed).item()


# --8<-- [end:frechet_distance]


def _uniform(dice: Dice, *shape: int) -> Tensor:
    require(min(len(dice), *shape) > 0, "games and sizes", "positive", (len(dice), *shape))
    return torch.stack([torch.rand(shape, generator=die) for die in dice])


def _require_sets(rows: Tensor, others: Tensor) -> None:
    require_tensor("the first set", rows, "example dim")
    require_tensor("the second set", others, "example dim")
    shapes = tuple(rows.shape), tuple(others.shape)
    fit = rows.shape[1] == others.shape[1] and min(len(rows), len(others)) > 1
    require(fit, "sets", "of 2 or more each, of equal dimensions", shapes)
