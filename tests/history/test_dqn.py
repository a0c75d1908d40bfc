"""The memory, the layers of the paper, the targets, and what training must and must not do."""

import itertools

import pytest
import torch
from torch import nn
from torch.nn import functional

from dlbasic.data.cartpole import CartPole, Transition
from dlbasic.history.dqn import (
    QNetwork,
    ReplayMemory,
    cartpole_network,
    play,
    side_by_side,
    stack,
    targets,
    td_loss,
    train,
)


def randn(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def numbered(first, *, learners=1, environments=1):
    """A step whose rewards say when it was pushed; learner k adds 1000 k."""
    rows = torch.arange(learners)[:, None] * 1000.0
    reward = rows + first + torch.arange(environments, dtype=torch.float32)
    state = reward[..., None].repeat(1, 1, 4)
    no = torch.zeros_like(reward, dtype=torch.bool)
    return Transition(state, reward.long() % 2, reward, state + 0.5, no, no)


def drawn(memory, window, count=20_000, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return memory.sample(count, window=torch.tensor(window), generator=generator)


class TestReplayMemory:
    def test_is_a_ring(self):
        memory = ReplayMemory(10)
        for first in range(0, 24, 3):  # three at a time: the ring's end falls inside a push
            memory.push(numbered(first, environments=3))
            seen = set(drawn(memory, [10]).reward.flatten().tolist())
            assert seen == set(range(max(0, first + 3 - 10), first + 3))

    def test_samples_uniformly(self):
        memory = ReplayMemory(10)
        for first in range(14):
            memory.push(numbered(first))
        counts = drawn(memory, [10]).reward.flatten().long().bincount(minlength=14)[4:]
        assert (counts - 2000).abs().max() < 5 * (20_000 * 0.1 * 0.9) ** 0.5

    def test_a_window_holds_the_last_of_each_learner(self):
        memory = ReplayMemory(10)
        for first in range(25):
            memory.push(numbered(first, learners=3))
        rewards = drawn(memory, [1, 4, 10]).reward
        assert set(rewards[0].tolist()) == {24.0}
        assert set(rewards[1].tolist()) == {1021.0, 1022.0, 1023.0, 1024.0}
        assert set(rewards[2].tolist()) == {2000.0 + k for k in range(15, 25)}

    def test_what_belongs_together_stays_together(self):
        memory = ReplayMemory(7)
        for first in range(20):
            memory.push(numbered(first, learners=2))
        batch = drawn(memory, [7, 7], count=50)
        assert torch.equal(batch.state, batch.reward[..., None].expand(-1, -1, 4))
        assert torch.equal(batch.next_state, batch.state + 0.5)
        assert torch.equal(batch.action, batch.reward.long() % 2)

    def test_refuses(self, refuses):
        with refuses("capacity must be positive, got 0"):
            ReplayMemory(0)
        with refuses("capacity must be 3 or more, got 2"):
            ReplayMemory(2).push(numbered(0, environments=3))
        with refuses("the memory must be filled by push before sample, got none"):
            drawn(ReplayMemory(2), [1])
        memory = ReplayMemory(2)
        memory.push(numbered(0))
        for window in ([0], [3], [1, 1]):
            with refuses("window must be 1, 1 to 2, got tensor"):
                drawn(memory, window)


class TestNetwork:
    @pytest.mark.parametrize(("num_actions", "count"), [(4, 1_686_180), (18, 1_693_362)])
    def test_has_the_layers_of_the_nature_paper(self, num_actions, count):
        network = QNetwork(num_actions=num_actions)
        # (in, out, side, stride) of the convolutions, and the two fully connected layers
        convolutions = [m for m in network.modules() if isinstance(m, nn.Conv2d)]
        found = [(m.in_channels, m.out_channels, m.kernel_size, m.stride) for m in convolutions]
        assert found == [
            (4, 32, (8, 8), (4, 4)),
            (32, 64, (4, 4), (2, 2)),
            (64, 64, (3, 3), (1, 1)),
        ]
        linear = [m for m in network.modules() if isinstance(m, nn.Linear)]
        assert [(m.in_features, m.out_features) for m in linear] == [
            (3136, 512),
            (512, num_actions),
        ]
        assert len([m for m in network.modules() if isinstance(m, nn.ReLU)]) == 4
        by_hand = 32 * 257 + 64 * 513 + 64 * 577 + 512 * 3137 + num_actions * 513
        assert sum(weight.numel() for weight in network.parameters()) == by_hand == count

    def test_pixels_are_divided_by_255(self):
        network = QNetwork(num_actions=4)
        pixels = torch.randint(256, (2, 4, 84, 84)).float()
        torch.testing.assert_close(network(pixels), network.layers(pixels / 255))

    @pytest.mark.parametrize("hidden", [(), (5,), (5, 7)])
    def test_side_by_side_is_each_by_itself(self, hidden):
        shape = {"filters": (), "hidden": hidden, "scale": (1.0, 2.0, 3.0, 4.0)}
        networks = [QNetwork((4,), 3, **shape).double() for _ in range(3)]
        states = randn(3, 6, 4)
        theta = stack(networks).requires_grad_()
        q = side_by_side(networks[0])(theta, states)
        gradient = torch.autograd.grad(q.square().sum(), theta)[0]
        for k, network in enumerate(networks):
            alone = network(states[k])
            torch.testing.assert_close(q[k], alone, rtol=1e-12, atol=1e-12)
            own = torch.autograd.grad(alone.square().sum(), list(network.parameters()))
            flat = torch.cat([part.flatten() for part in own])
            torch.testing.assert_close(gradient[k], flat, rtol=1e-10, atol=1e-12)

    def test_the_seed_decides_the_weights_and_nothing_else(self):
        before = torch.random.get_rng_state()
        one, same, other = (stack([cartpole_network(seed)]) for seed in (1, 1, 2))
        assert torch.equal(one, same)
        assert not torch.equal(one, other)
        assert torch.equal(before, torch.random.get_rng_state())

    def test_refuses(self, refuses):
        with refuses("num_actions must be positive, got 0"):
            QNetwork(num_actions=0)
        with refuses("network must be fully connected, got ['Conv2d', 'Flatten', 'Linear', 'ReLU"):
            side_by_side(QNetwork())


def transition(seed=0):
    reward = randn(2, 5, seed=seed)
    terminated = torch.tensor([[True, False, False, True, False]] * 2)
    truncated = torch.tensor([[False, True, False, True, False]] * 2)
    action = torch.tensor([[0, 1, 2, 0, 1]] * 2)
    return Transition(randn(2, 5, 4), action, reward, randn(2, 5, 4), terminated, truncated)


class TestTargets:
    def test_what_follows_counts_after_truncation_and_not_after_termination(self):
        step, next_q = transition(), randn(2, 5, 3, seed=1)
        y = targets(step, next_q, discount=0.9)
        for learner in range(2):
            for k in range(5):
                follows = 0 if step.terminated[learner, k] else 0.9 * max(next_q[learner, k])
                assert y[learner, k].item() == pytest.approx(
                    float(step.reward[learner, k] + follows), rel=1e-12
                )

    def test_double_takes_the_choice_of_one_and_the_value_of_the_other(self):
        step, next_q, chooser = transition(), randn(2, 5, 3, seed=1), randn(2, 5, 3, seed=2)
        y = targets(step, next_q, discount=0.9, chooser=chooser)
        best = chooser.argmax(-1)
        value = torch.stack([next_q[i, k, best[i, k]] for i in range(2) for k in range(5)])
        expected = step.reward + 0.9 * value.view(2, 5) * (~step.terminated)
        torch.testing.assert_close(y, expected, rtol=1e-12, atol=1e-12)
        single = targets(step, next_q, discount=0.9)
        assert (y <= single).all()
        assert (y < single).any()

    def test_refuses(self, refuses):
        step, next_q = transition(), randn(2, 5, 3)
        for discount in (-0.1, 1.1, float("nan")):
            with refuses(f"discount must be in [0, 1], got {discount}"):
                targets(step, next_q, discount=discount)
        with refuses("chooser must have the shape of next_q"):
            targets(step, next_q, discount=0.9, chooser=next_q[:, :4])
        with refuses("reward must have the shape of the best of next_q, (2, 4), got (2, 5)"):
            targets(step, next_q[:, :4], discount=0.9)
        with refuses("next_q must be finite"):
            targets(step, next_q / 0, discount=0.9)


class TestLoss:
    @pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
    def test_is_torchs_huber_loss_whose_slope_is_the_clipped_error(self, scale):
        q, action = (scale * randn(2, 5, 3)).requires_grad_(), transition().action
        y = scale * randn(2, 5, seed=1)
        loss = td_loss(q, action, y)
        taken = q.gather(-1, action[..., None])[..., 0]
        torch.testing.assert_close(
            loss, functional.huber_loss(taken, y, reduction="sum") / 5, rtol=1e-12, atol=0
        )
        (gradient,) = torch.autograd.grad(loss, q)
        error = (taken - y).detach().clamp(-1, 1) / 5  # clipped as in the Nature paper, Methods
        expected = torch.zeros_like(q).scatter(-1, action[..., None], error[..., None])
        torch.testing.assert_close(gradient, expected, rtol=1e-12, atol=1e-15)

    def test_refuses(self, refuses):
        q, action, y = randn(2, 5, 3), transition().action, randn(2, 5)
        with refuses("action must be from 0 to 2, got 1 to 3"):
            td_loss(q, action + 1, y)
        with refuses("action must have the shape of q without its actions, (2, 5), got (2, 4)"):
            td_loss(q, action[:, :4], y)
        with refuses("q must be finite"):
            td_loss(q * float("nan"), action, y)


SHORT = {"steps": 30, "memory": 100, "batch_size": 8, "learning_rate": 1e-2}


def trained(count=2, *, measured=False, starts=0, **setting):
    networks = [cartpole_network(seed) for seed in range(count)]
    environment = CartPole(count, 2, seed=starts, sutton_barto_reward=True)
    for _ in train(networks, environment, **(SHORT | setting)):
        if measured:
            play(networks, episodes=1, steps=2)
    return stack(networks)


class TestTrain:
    def test_changes_the_networks_in_place_whatever_measures_them_meanwhile(self):
        before, after = stack([cartpole_network(0), cartpole_network(1)]), trained()
        assert (before != after).any(dim=1).all()
        assert torch.equal(after, trained(measured=True))

    def test_yields_each_step(self):
        steps = list(train([cartpole_network(0)], CartPole(1, 2, seed=0), **SHORT))
        assert [step.step for step in steps] == list(range(30))
        assert all(step.loss >= 0 for step in steps)

    @pytest.mark.parametrize(
        "setting",
        [
            {"memory": 2},
            {"sync_every": 1},
            {"batch_size": 4},
            {"learning_rate": 1e-3},
            {"discount": 0.5},
            {"explore": 1.0},
            {"double": True},
            {"seed": 1},
            {"starts": 1},
        ],
    )
    def test_every_setting_is_used(self, setting):
        assert torch.equal(trained(), trained())
        assert not torch.equal(trained(), trained(**setting))

    def test_each_learner_may_have_a_setting_of_its_own(self):
        both, alike = trained(memory=[100, 2]), trained(memory=100)
        assert torch.equal(both[0], alike[0])
        assert not torch.equal(both[1], alike[1])
        both, alike = trained(sync_every=[5, 1]), trained(sync_every=5)
        assert torch.equal(both[0], alike[0])
        assert not torch.equal(both[1], alike[1])

    def test_the_target_lags(self, monkeypatch):
        """Without a copy the targets stay those of the first network; a copy moves them."""
        seen = []

        def spy(transition, next_q, **setting):
            seen.append((transition.next_state, next_q))
            return targets(transition, next_q, **setting)

        monkeypatch.setattr("dlbasic.history.dqn.targets", spy)
        network = cartpole_network(0)
        first = stack([network])
        list(train([network], CartPole(1, 2, seed=0), **SHORT, sync_every=20))
        q = side_by_side(network)
        for step, (states, next_q) in enumerate(seen):
            old = q(first, states)
            assert torch.equal(next_q, old) == (step < 20)
        with torch.no_grad():
            assert not torch.equal(seen[20][1], q(stack([network]), seen[20][0]))

    @pytest.mark.parametrize("explore", [0.0, 0.4])
    def test_fewer_and_fewer_actions_are_random(self, explore):
        """From all to `explore` of them within a quarter of the steps; half of them look greedy."""
        network, share = cartpole_network(0), []

        class Watched(CartPole):
            def step(self, action):
                with torch.no_grad():
                    greedy = network(self.state[0].float()).argmax(dim=-1)
                share.append((action[0] != greedy).double().mean().item())
                return super().step(action)

        setting = SHORT | {"steps": 40, "memory": 2000, "explore": explore}
        list(train([network], Watched(1, 2000, seed=0), **setting))
        for step in range(40):
            epsilon = 1 - (1 - explore) * min(step / 10, 1)
            assert share[step] == pytest.approx(epsilon / 2, abs=0.06)

    def test_the_learning_rate_falls_to_zero(self):
        network = cartpole_network(0)
        weights = [stack([network])]
        for _ in train([network], CartPole(1, 2, seed=0), **SHORT):
            weights.append(stack([network]))
        moves = [(new - old).abs().max().item() for old, new in itertools.pairwise(weights)]
        assert moves[0] == pytest.approx(SHORT["learning_rate"], rel=1e-3)  # Adam's first step
        bound = 0.1 / 0.001**0.5  # no step of Adam is longer, in learning rates
        assert 0 < moves[-1] < bound * SHORT["learning_rate"] / SHORT["steps"]

    @pytest.mark.parametrize("name", ["steps", "batch_size", "learning_rate"])
    def test_refuses_what_must_be_positive(self, name, refuses):
        shown = "rate" if name == "learning_rate" else name
        with refuses(f"{shown} must be positive and finite, got 0"):
            trained(**{name: 0})  # pyright: ignore[reportArgumentType]

    def test_refuses_what_does_not_fit(self, refuses):
        with refuses("explore must be in [0, 1], got 1.5"):
            trained(explore=1.5)
        for bad in (0, [1, 2, 3]):
            with refuses("memory and sync_every must be positive, 1 or 2, got "):
                trained(sync_every=bad)
        with refuses("environment must be (1, environment), got (2, 2)"):
            next(train([cartpole_network(0)], CartPole(2, 2, seed=0), **SHORT))


def test_play_is_greedy_and_stops_counting_at_the_fall():
    networks = [cartpole_network(0), cartpole_network(1)]
    states = play(networks, episodes=3, steps=60, seed=5)
    assert states.shape == (60, 2, 3, 4)
    lived = (~states[..., 0].isnan()).sum(0)
    assert lived.min() < 60
    for learner in range(2):
        single, game = CartPole(1, seed=0), int(lived[learner].argmin())
        film, steps = states[:, learner, game], int(lived[learner, game])
        single.state = film[0][None]
        for step in range(steps):
            torch.testing.assert_close(single.state[0], film[step], rtol=0, atol=1e-12)
            action = networks[learner](single.state.float()).argmax(dim=1)
            terminated = single.step(action).terminated.item()
            assert terminated == (step == steps - 1 and steps < 60)
        assert film[steps:].isnan().all()


def test_some_learning_happens():
    networks = [cartpole_network(seed) for seed in range(3)]
    before = (~play(networks)[..., 0].isnan()).sum(0).double().mean()
    environment = CartPole(3, 8, seed=0, sutton_barto_reward=True)
    list(train(networks, environment, steps=400, batch_size=64, sync_every=5))
    after = (~play(networks)[..., 0].isnan()).sum(0).double().mean()
    assert after > 4 * before
