"""DQN: Q-learning with a network, a memory of what happened, and a target that lags (2013).

Source: Mnih et al., "Playing Atari with Deep Reinforcement Learning", 2013, arXiv:1312.5602;
Mnih et al., "Human-level control through deep reinforcement learning", Nature 518, 2015, for the
target network and the layers; van Hasselt, Guez and Silver, "Deep Reinforcement Learning with
Double Q-learning", AAAI 2016, for `double`.

Departs: CartPole for Atari; one fully connected layer on its four numbers for the convolutions, in
the same class; Adam, with a learning rate that falls to zero, for RMSProp; several environments and
one update a step; a target that is copied every few updates, not every 10,000.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from dlbasic.checks import require, require_indices, require_same_shape, require_tensor
from dlbasic.data.cartpole import MAX_ANGLE, MAX_POSITION, CartPole, Transition
from dlbasic.losses.mse import huber


# --8<-- [start:data] Data: what happened, kept in a ring (Nature, Methods)
class ReplayMemory:
    """A ring of the last transitions of each learner: what is new overwrites what is oldest.

    Raises:
        ValueError: If `capacity`, in transitions, is not positive.
    """

    def __init__(self, capacity: int) -> None:
        require(capacity > 0, "capacity", "positive", capacity)
        self.capacity, self.count = capacity, 0
        self.fields: list[Tensor] = []

    def push(self, transition: Transition) -> None:
        """Remember one step of (learner, environment).

        Raises:
            ValueError: If one step holds more transitions than the ring.
        """
        learners, environments = transition.action.shape
        require(environments <= self.capacity, "capacity", f"{environments} or more", self.capacity)
        if not self.fields:
            parts = [p.float() if p.is_floating_point() else p for p in transition]
            self.fields = [p.new_zeros(learners, self.capacity, *p.shape[2:]) for p in parts]
        places = (self.count + torch.arange(environments)) % self.capacity
        for field, part in zip(self.fields, transition, strict=True):
            field[:, places] = part.to(field.dtype)
        self.count += environments

    def sample(
        self, batch_size: int, *, window: Int[Tensor, " learner"], generator: torch.Generator
    ) -> Transition:
        """Draw (learner, batch) uniformly, with replacement, among the last `window` of each.

        Raises:
            ValueError: If the memory is empty, or a window is not within the ring.
        """
        require(self.count > 0, "the memory", "filled by push before sample", "none")
        num_learners = len(self.fields[0])
        inside = bool(((window > 0) & (window <= self.capacity)).all())
        fits = window.shape == (num_learners,) and inside
        require(fits, "window", f"{num_learners}, 1 to {self.capacity}", window)
        reach = window.clamp(max=self.count)[:, None]
        age = (torch.rand(num_learners, batch_size, generator=generator) * reach).long()
        places = (self.count - 1 - age) % self.capacity
        rows = torch.arange(num_learners)[:, None]
        return Transition(*(field[rows, places] for field in self.fields))


# --8<-- [end:data]
# --8<-- [start:model] Model: one pass gives the value of every action (Nature, Methods)
class QNetwork(nn.Module):
    """Convolutions, fully connected layers, and one output per action; as it comes, for Atari.

    Args:
        shape: Of a state, such as (channel, height, width), or (dim,) without filters.
        num_actions: How many values to give.
        filters: Number, side and stride of the filters of each convolution.
        hidden: Width of each fully connected layer.
        scale: What a state is divided by, so that it is near 1.

    Raises:
        ValueError: If there are no actions.
    """

    def __init__(
        self,
        shape: Sequence[int] = (4, 84, 84),
        num_actions: int = 18,
        *,
        filters: Sequence[tuple[int, int, int]] = ((32, 8, 4), (64, 4, 2), (64, 3, 1)),
        hidden: Sequence[int] = (512,),
        scale: float | Sequence[float] = 255.0,
    ) -> None:
        require(num_actions > 0, "num_actions", "positive", num_actions)
        super().__init__()
        self.num_actions = num_actions
        self.scale = nn.Buffer(torch.tensor(scale))
        layers, channels = [], shape[0]
        for number, side, stride in filters:
            layers += [nn.Conv2d(channels, number, side, stride), nn.ReLU()]
            channels = number
        layers += [nn.Flatten(-3)] if filters else []
        width = nn.Sequential(*layers)(torch.zeros(1, *shape)).shape[1]
        for size in hidden:
            layers += [nn.Linear(width, size), nn.ReLU()]
            width = size
        self.layers = nn.Sequential(*layers, nn.Linear(width, num_actions))

    def forward(self, states: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch action"]:
        """Q: for each action, the discounted reward that is expected after it."""
        return self.layers(states / self.scale)


def cartpole_network(seed: int) -> QNetwork:
    """The same class for four numbers in place of pixels; the seed decides the weights."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        scale = (MAX_POSITION, 2.0, MAX_ANGLE, 2.0)
        return QNetwork((4,), 2, filters=(), hidden=(128,), scale=scale)


def stack(networks: Sequence[QNetwork]) -> Float[Tensor, "learner weight"]:
    """A copy of the weights of several networks, one row each."""
    return torch.stack([nn.utils.parameters_to_vector(q.parameters()) for q in networks]).detach()


def side_by_side(network: QNetwork) -> Callable[[Tensor, Tensor], Tensor]:
    """Q of many networks shaped like this one: of weights (learner, weight) and their states.

    Raises:
        ValueError: If it has convolutions.
    """
    kinds = {type(layer).__name__ for layer in network.layers}
    require("Conv2d" not in kinds, "network", "fully connected", sorted(kinds))
    sizes = [weight.numel() for weight in network.parameters()]

    def q(theta: Tensor, states: Tensor) -> Tensor:
        signal, pieces = states / network.scale, iter(theta.split(sizes, dim=1))
        for layer in network.layers:
            if isinstance(layer, nn.Linear):
                weight = next(pieces).unflatten(1, layer.weight.shape)
                signal = torch.baddbmm(next(pieces)[:, None], signal, weight.mT)
            else:
                signal = layer(signal)
        return signal

    return q


# --8<-- [end:model]
# --8<-- [start:loss] Loss: the error of one step, its slope clipped to [-1, 1]
def targets(
    transition: Transition,
    next_q: Float[Tensor, "learner batch action"],
    *,
    discount: float,
    chooser: Float[Tensor, "learner batch action"] | None = None,
) -> Float[Tensor, "learner batch"]:
    """y: the reward, and the discounted value of what follows, if anything can follow.

    Args:
        transition: What happened.
        next_q: The target network's values of the next states.
        discount: Worth of a reward one step later, from 0 to 1.
        chooser: Values whose best action is taken; `next_q` itself if None, and the learning
            network's for double DQN.

    Raises:
        ValueError: If shapes differ, a value is not finite, or `discount` is not in [0, 1].
    """
    chooser = next_q if chooser is None else chooser
    require_same_shape("chooser", chooser, "next_q", next_q)
    require_tensor("next_q", next_q, "learner batch action")
    require_same_shape("reward", transition.reward, "the best of next_q", next_q[..., 0])
    require(0 <= discount <= 1, "discount", "in [0, 1]", discount)
    value = next_q.gather(-1, chooser.argmax(dim=-1, keepdim=True))[..., 0]
    return transition.reward + discount * value * ~transition.terminated


def td_loss(
    q: Float[Tensor, "learner batch action"],
    action: Int[Tensor, "learner batch"],
    y: Float[Tensor, "learner batch"],
) -> Float[Tensor, ""]:
    """Huber's loss of Q at the action taken; a mean over the batch, a sum over the learners.

    Raises:
        ValueError: If shapes differ, a value is not finite, or an action does not exist.
    """
    require_tensor("q", q, "learner batch action")
    require_same_shape("action", action, "q without its actions", q[..., 0])
    require_indices("action", action, q.shape[-1], "learner batch")
    taken = q.gather(-1, action[..., None])[..., 0]
    return huber(taken.T, y.T)


# --8<-- [end:loss]
# --8<-- [start:algorithm] Algorithm 1 of the Nature paper
class Step(NamedTuple):
    """One step of every environment, one update of every learner, and the loss before it."""

    step: int
    loss: float


def train(
    networks: Sequence[QNetwork],
    environment: CartPole,
    *,
    steps: int = 2000,
    memory: int | Sequence[int] = 3200,
    sync_every: int | Sequence[int] = 5,
    batch_size: int = 64,
    learning_rate: float = 4e-3,
    discount: float = 0.995,
    explore: float = 0.1,
    double: bool = False,
    seed: int = 0,
) -> Iterator[Step]:
    """Update networks of one shape in place, each by what it does in its own environments.

    Args:
        networks: One per learner.
        environment: Of the shape (learner, environment).
        steps: Of the environment.
        memory: Transitions that are remembered, for all or for each learner.
        sync_every: Updates from one copy into the target network to the next, likewise.
        batch_size: Transitions of an update, per learner.
        learning_rate: Of Adam at the start; it falls to zero.
        discount: Worth of a reward one step later.
        explore: Part of the actions that are random, after a quarter of the steps; at first, all.
        double: Let the learning network choose the action that the target network values.
        seed: Of the random actions and of what is drawn from memory.

    Raises:
        ValueError: If a setting is out of its range, or not one per learner.
    """
    for name, value in [("steps", steps), ("batch_size", batch_size), ("rate", learning_rate)]:
        require(0 < value < math.inf, name, "positive and finite", value)
    require(0 <= explore <= 1, "explore", "in [0, 1]", explore)
    shape = tuple(environment.age.shape)
    require(shape[:-1] == (len(networks),), "environment", f"({len(networks)}, environment)", shape)
    window, period = (_each(value, len(networks)) for value in (memory, sync_every))
    generator = torch.Generator().manual_seed(seed)
    q, theta = side_by_side(networks[0]), nn.Parameter(stack(networks))
    for row, network in zip(theta.detach(), networks, strict=True):
        nn.utils.vector_to_parameters(row, network.parameters())  # its weights are now views of row
    target = theta.detach().clone()
    optimizer = torch.optim.Adam([theta], fused=True)
    replay = ReplayMemory(int(window.max()))
    for step in range(steps):
        with torch.no_grad():
            action = q(theta, environment.state.float()).argmax(dim=-1)
        random = torch.rand(2, *action.shape, generator=generator)
        epsilon = max(explore, 1 - (1 - explore) * step / (0.25 * steps))
        dice = (random[1] * networks[0].num_actions).long()
        replay.push(environment.step(torch.where(random[0] < epsilon, dice, action)))

        batch = replay.sample(batch_size, window=window, generator=generator)
        with torch.no_grad():
            chooser = q(theta, batch.next_state) if double else None
            y = targets(batch, q(target, batch.next_state), discount=discount, chooser=chooser)
        loss = td_loss(q(theta, batch.state), batch.action, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.param_groups[0]["lr"] = learning_rate * (1 - step / steps)
        optimizer.step()
        due = (step + 1) % period == 0
        target[due] = theta.detach()[due]
        yield Step(step, loss.item() / len(networks))


def _each(value: int | Sequence[int], count: int) -> Int[Tensor, " learner"]:
    values = torch.as_tensor(value)
    fits = values.shape in ((), (count,)) and bool(values.min() >= 1)
    require(fits, "memory and sync_every", f"positive, 1 or {count}", value)
    return values.expand(count)


# --8<-- [end:algorithm]
# --8<-- [start:play] Playing: the best action, always
@torch.no_grad()
def play(
    networks: Sequence[QNetwork], *, episodes: int = 20, steps: int = 500, seed: int = 0
) -> Float[Tensor, "step learner episode 4"]:
    """The states of CartPole in which each network acts greedily; NaN once an episode is over.

    Raises:
        ValueError: As `CartPole`.
    """
    environment = CartPole(len(networks), episodes, seed=seed, max_steps=steps + 1)
    q, theta = side_by_side(networks[0]), stack(networks)
    over, states = torch.zeros_like(environment.age, dtype=torch.bool), []
    for _ in range(steps):
        states.append(environment.state.where(~over[..., None], math.nan))
        over |= environment.step(q(theta, environment.state.float()).argmax(dim=-1)).terminated
    return torch.stack(states)


# --8<-- [end:play]
