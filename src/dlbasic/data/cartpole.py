"""CartPole: balance a pole on a cart by pushing the cart; many at once, in torch.

The dynamics and the limits are those of CartPole-v1 in gymnasium, step by step.

Source: Barto, Sutton and Anderson, "Neuronlike Adaptive Elements That Can Solve Difficult Learning
Control Problems", IEEE Transactions on Systems, Man, and Cybernetics 13(5), 1983.
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from dlbasic.checks import require_indices, require_same_shape

MAX_POSITION, MAX_ANGLE = 2.4, 12 * 2 * math.pi / 360  # metres, radians


# --8<-- [start:transition]
class Transition(NamedTuple):
    """What happened in one step of each environment; `next_state` is before any reset.

    `terminated` says that nothing can follow. `truncated` says that somebody stopped the clock.
    """

    state: Float[Tensor, "... 4"]
    action: Int[Tensor, "..."]
    reward: Float[Tensor, "..."]
    next_state: Float[Tensor, "... 4"]
    terminated: Bool[Tensor, "..."]
    truncated: Bool[Tensor, "..."]


# --8<-- [end:transition]
class CartPole:
    """Many of gymnasium's CartPole-v1 at once, in torch; one that has ended starts anew.

    Args:
        shape: How many, such as (learner, environment).
        seed: Of the states in which episodes start.
        max_steps: An episode is truncated after so many steps.
        sutton_barto_reward: As in gymnasium: -1 for the fall and 0 otherwise, not 1 a step.

    Raises:
        ValueError: If there is no environment or no step.
    """

    def __init__(
        self, *shape: int, seed: int, max_steps: int = 500, sutton_barto_reward: bool = False
    ) -> None:
        if not shape or min(shape) < 1 or max_steps < 1:
            raise ValueError(f"shape and max_steps must be positive, got {shape}, {max_steps}")
        self.max_steps, self.sutton_barto_reward = max_steps, sutton_barto_reward
        self.generator = torch.Generator().manual_seed(seed)
        self.age = torch.zeros(shape, dtype=torch.int64)
        self.state = self._start()  # position, velocity, angle, angular velocity

    def _start(self) -> Float[Tensor, "... 4"]:
        uniform = torch.rand(*self.age.shape, 4, generator=self.generator, dtype=torch.float64)
        return 0.1 * uniform - 0.05

    def step(self, action: Int[Tensor, "..."]) -> Transition:
        """Push each cart to the left (0) or to the right (1) for a fiftieth of a second.

        Raises:
            ValueError: If there is not one action, 0 or 1, for each environment.
        """
        require_same_shape("action", action, "the environments", self.age)
        require_indices("action", action.flatten(), 2, "environment")
        state, force = self.state, 20.0 * action - 10.0  # newtons
        _, velocity, angle, spin = state.unbind(-1)
        sin, cos = angle.sin(), angle.cos()
        push = (force + 0.05 * spin.square() * sin) / 1.1
        spin_up = (9.8 * sin - cos * push) / (0.5 * (4 / 3 - 0.1 * cos.square() / 1.1))
        speed_up = push - 0.05 * spin_up * cos / 1.1
        next_state = state + 0.02 * torch.stack([velocity, speed_up, spin, spin_up], dim=-1)
        limits = torch.tensor([MAX_POSITION, MAX_ANGLE], dtype=torch.float64)
        terminated = (next_state[..., [0, 2]].abs() > limits).any(dim=-1)
        self.age = self.age + 1
        truncated = self.age >= self.max_steps
        reward = -terminated.float() if self.sutton_barto_reward else torch.ones(self.age.shape)
        ended = terminated | truncated
        self.state = torch.where(ended[..., None], self._start(), next_state)
        self.age = torch.where(ended, 0, self.age)
        return Transition(state, action, reward, next_state, terminated, truncated)
