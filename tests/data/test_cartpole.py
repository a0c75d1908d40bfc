"""CartPole against gymnasium's own, step by step; episodes that end, and what is refused."""

import math

import gymnasium
import numpy as np
import pytest
import torch

from dlbasic.data.cartpole import MAX_ANGLE, MAX_POSITION, CartPole


def twins(seed, **setting):
    """Our environment and gymnasium's in the same state."""
    theirs = gymnasium.make("CartPole-v1", **setting)
    theirs.reset(seed=seed)
    ours = CartPole(1, seed=0, **setting)
    ours.state = torch.tensor(np.array([theirs.unwrapped.state]))  # pyright: ignore
    return ours, theirs


@pytest.mark.parametrize("sutton_barto_reward", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_every_step_is_gymnasiums_until_the_fall(seed, sutton_barto_reward):
    ours, theirs = twins(seed, sutton_barto_reward=sutton_barto_reward)
    generator = torch.Generator().manual_seed(seed)
    terminated, expected = False, ours.state
    while not terminated:
        action = torch.randint(2, (1,), generator=generator)
        _, reward, terminated, truncated, _ = theirs.step(action.item())
        step = ours.step(action)
        expected = torch.tensor(np.array([theirs.unwrapped.state]))  # pyright: ignore
        torch.testing.assert_close(step.next_state, expected, rtol=0, atol=1e-12)
        assert step.reward.item() == reward
        assert (step.terminated.item(), step.truncated.item()) == (terminated, truncated)
    assert (ours.state.abs() <= 0.05).all()  # a new start, while next_state is where it fell
    assert expected.abs().max() > 0.05
    assert ours.age.item() == 0


def test_an_episode_is_truncated_when_gymnasium_truncates_it():
    ours, theirs = twins(3)
    for step in range(1, 501):
        x, v, angle, spin = ours.state[0].tolist()
        action = int(angle + 0.5 * spin + 0.05 * x + 0.1 * v > 0)  # a controller that balances
        _, _, terminated, truncated, _ = theirs.step(action)
        moved = ours.step(torch.tensor([action]))
        expected = torch.tensor(np.array([theirs.unwrapped.state]))  # pyright: ignore
        torch.testing.assert_close(moved.next_state, expected, rtol=0, atol=1e-12)
        assert (moved.terminated.item(), moved.truncated.item()) == (terminated, truncated)
        assert not terminated
        assert truncated == (step == 500)
    assert ours.age.item() == 0


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("sign", [-1, 1])
def test_the_limits_are_in_the_right_place(place, sign):
    limit = {0: MAX_POSITION, 2: MAX_ANGLE}[place]
    for distance, falls in [(-1e-9, False), (1e-9, True)]:
        environment = CartPole(1, seed=0)
        environment.state = torch.zeros(1, 4, dtype=torch.float64)
        environment.state[0, place] = sign * (limit + distance)
        assert environment.step(torch.tensor([1])).terminated.item() is falls
    assert MAX_POSITION == 2.4
    assert math.isclose(math.degrees(MAX_ANGLE), 12)


def test_many_at_once_are_each_by_itself():
    many, single = CartPole(2, 3, seed=1), CartPole(1, seed=2)
    single.state = many.state[1, 2][None].clone()
    assert len(many.state.flatten(0, 1).unique(dim=0)) == 6
    generator = torch.Generator().manual_seed(0)
    for _ in range(8):
        action = torch.randint(2, (2, 3), generator=generator)
        step, alone = many.step(action), single.step(action[1, 2][None])
        torch.testing.assert_close(step.next_state[1, 2], alone.next_state[0], rtol=0, atol=1e-14)


def test_the_seed_decides_the_starts_which_fill_their_range():
    assert torch.equal(CartPole(5, seed=1).state, CartPole(5, seed=1).state)
    assert not torch.equal(CartPole(5, seed=1).state, CartPole(5, seed=2).state)
    states = CartPole(4000, seed=0).state
    assert states.min() < -0.0499
    assert states.max() > 0.0499
    assert states.mean(0).abs().max() < 0.003


def test_one_that_ends_leaves_the_others_alone():
    environment = CartPole(2, seed=0)
    environment.state[0, 0] = 3.0
    step = environment.step(torch.tensor([0, 0]))
    assert step.terminated.tolist() == [True, False]
    assert environment.age.tolist() == [0, 1]
    assert torch.equal(environment.state[1], step.next_state[1])


def test_refuses(refuses):
    for shape, steps in [((), 500), ((0,), 500), ((1,), 0)]:
        with refuses(f"shape and max_steps must be positive, got {shape}, {steps}"):
            CartPole(*shape, seed=0, max_steps=steps)
    with refuses("action must have the shape of the environments, (2,), got (3,)"):
        CartPole(2, seed=0).step(torch.zeros(3, dtype=torch.int64))
    with refuses("action must be a tensor of int64, got torch.float32"):
        CartPole(2, seed=0).step(torch.zeros(2))
    with refuses("action must be from 0 to 1, got 0 to 2"):
        CartPole(2, seed=0).step(torch.tensor([0, 2]))
