"""Losses, networks and measures equal to references; D looks at its input, and G at its noise."""

import copy
import itertools
import math
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.linalg import sqrtm
from scipy.stats import norm
from sklearn.neighbors import KernelDensity
from torch.nn import functional

from dlbasic.data.mnist import load_mnist
from dlbasic.history.gan import (
    Dense,
    Discriminator,
    Generator,
    Step,
    dropout,
    expected_value,
    frechet_distance,
    generator_loss,
    maxout,
    noise,
    parzen,
    roll,
    small_digits,
    train,
    value,
)

SIZES = [3, 5, 4, 6]
close = partial(torch.testing.assert_close, rtol=1e-12, atol=1e-12)


def randn(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def generator(games=2, *, sizes=SIZES, average=0.3, seed=0):
    dice = roll(range(seed, seed + games))
    return Generator(sizes, average=torch.full((sizes[-1],), average), dice=dice).double()


def discriminator(games=2, *, inputs=6, keep=(1.0, 1.0), seed=50):
    dice = roll(range(seed, seed + games))
    return Discriminator(inputs, units=4, pieces=3, keep=keep, dice=dice).double()


def affine(model):
    """The W and the b of each layer."""
    parameters = list(model.parameters())
    return list(zip(parameters[::2], parameters[1::2], strict=True))


class TestData:
    def test_a_pixel_is_the_mean_of_four(self):
        small, digits = small_digits()
        images, expected = load_mnist()
        assert torch.equal(digits, expected)
        assert small.shape == (5000, 144)
        corner = images[:, 2:4, 2:4].mean((1, 2))
        middle = images[:, 12:14, 16:18].mean((1, 2))
        torch.testing.assert_close(small[:, 0], corner)
        torch.testing.assert_close(small[:, 5 * 12 + 7], middle)
        assert middle.std() > 0.1

    def test_noise_is_uniform_from_minus_1_to_1(self):
        z = noise(roll([0, 1]), 4000, 3)
        assert z.shape == (2, 4000, 3)
        assert -1 <= z.min() < -0.99
        assert 0.99 < z.max() <= 1
        assert z.mean().abs() < 0.03
        assert z.square().mean().item() == pytest.approx(1 / 3, abs=0.02)

    def test_each_game_has_its_own_dice(self):
        first, second = noise(roll([4, 5]), 10, 2)
        assert torch.equal(first, noise(roll([4]), 10, 2)[0])
        assert torch.equal(second, noise(roll([5]), 10, 2)[0])
        assert not torch.equal(first, second)


class TestGenerator:
    def reference(self, model, game):
        layers = []
        for weight, bias in affine(model):
            linear = torch.nn.Linear(*weight.shape[1:], dtype=torch.float64)
            linear.weight.data = weight[game].detach().T.clone()
            linear.bias.data = bias[game, 0].detach().clone()
            layers += [linear, torch.nn.ReLU()]
        return torch.nn.Sequential(*layers[:-1], torch.nn.Sigmoid())

    @pytest.mark.parametrize("sizes", [[2, 3], [3, 5, 4, 6], [1, 1, 1]])
    def test_equals_torch_in_value_and_gradient(self, sizes):
        model, z = generator(sizes=sizes), randn(2, 7, sizes[0]).requires_grad_()
        made, upstream = model(z), randn(2, 7, sizes[-1], seed=1)
        parts = [z, *model.parameters()]
        ours = torch.autograd.grad((made * upstream).sum(), parts)
        for game in range(2):
            copied = self.reference(model, game)
            alone = z[game].detach().requires_grad_()
            expected = copied(alone)
            close(made[game], expected)
            theirs = torch.autograd.grad(
                (expected * upstream[game]).sum(), [alone, *copied.parameters()]
            )
            close(ours[0][game], theirs[0])
            for mine, their in zip(ours[1:], theirs[1:], strict=True):
                mine = mine[game].T if their.ndim == 2 else mine[game, 0]
                close(mine, their)

    def test_every_pixel_depends_on_every_number_of_the_noise(self):
        model = generator(sizes=[3, 30, 30, 6])
        jacobian = torch.func.jacrev(lambda z: model(z)[0, 0])(randn(2, 1, 3))
        assert (jacobian[:, 0].abs() > 1e-6).all()
        assert (jacobian[:, 1] == 0).all()  # nor on the noise of another game

    def test_starts_at_the_average_of_the_data(self):
        average = torch.tensor([0.0, 0.1, 0.7, 1.0])
        model = Generator([2, 4], average=average, dice=roll([0]))
        made = model(torch.zeros(1, 1, 2))[0, 0]
        torch.testing.assert_close(made, torch.tensor([0.002, 0.1, 0.7, 0.998]))

    def test_noise_is_as_wide_after_a_layer_as_before(self):
        layer = Dense(200, 300, gain=6.0, dice=roll([0]))
        z = torch.randn(1, 500, 200, generator=torch.Generator().manual_seed(0))
        assert layer(z).relu().square().mean().item() == pytest.approx(1.0, abs=0.05)


class TestMaxout:
    @given(st.integers(1, 4), st.integers(1, 5), st.integers(1, 6))
    def test_equals_max_pooling_in_value_and_gradient(self, pieces, units, batch):
        x = randn(batch, units * pieces).requires_grad_()
        ours = maxout(x, pieces=pieces)
        together = x.view(batch, pieces, units).transpose(1, 2)
        expected = functional.max_pool1d(together, pieces)[..., 0]
        close(ours, expected)
        upstream = randn(batch, units, seed=1)
        mine, theirs = (torch.autograd.grad((y * upstream).sum(), x) for y in (ours, expected))
        close(mine, theirs)

    def test_by_hand(self):
        x = torch.tensor([1.0, 2.0, 3.0, 0.0, 5.0, -1.0])
        assert maxout(x, pieces=2).tolist() == [1, 5, 3]
        assert maxout(x, pieces=3).tolist() == [5, 2]


class TestDropout:
    ones = torch.ones(2, 300, 100)

    @pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
    def test_keeps_that_part_and_the_mean(self, keep):
        kept = dropout(self.ones, keep=keep, dice=roll([0, 1]))
        assert kept.unique().tolist() == [0.0, pytest.approx(1 / keep)]
        assert (kept > 0).float().mean().item() == pytest.approx(keep, abs=0.01)

    def test_another_mask_for_each_game_and_each_call(self):
        dice = roll([0, 1])
        first, second = (dropout(self.ones, keep=0.5, dice=dice) for _ in range(2))
        assert not torch.equal(first, second)
        assert not torch.equal(first[0], first[1])
        alone = dropout(self.ones[:1], keep=0.5, dice=roll([1]))
        assert torch.equal(alone[0], first[1])

    def test_keeps_all_and_rolls_no_dice(self):
        dice = roll([0, 1])
        assert torch.equal(dropout(self.ones, keep=1.0, dice=dice), self.ones)
        assert torch.equal(noise(dice, 2, 2), noise(roll([0, 1]), 2, 2))


class TestDiscriminator:
    def test_equals_a_network_by_hand_in_value_and_gradient(self):
        model, x = discriminator(), randn(2, 5, 6).requires_grad_()
        logits = model(x)
        expected = []
        for game in range(2):
            h = x[game]
            *hidden, (last, offset) = affine(model)
            for weight, bias in hidden:
                parts = zip(weight[game].chunk(3, dim=1), bias[game, 0].chunk(3), strict=True)
                pieces = [functional.linear(h, w.T, b) for w, b in parts]
                h = torch.maximum(torch.maximum(*pieces[:2]), pieces[2])
            expected.append((h @ last[game] + offset[game])[:, 0])
        close(logits, torch.stack(expected))
        parts = [x, *model.parameters()]
        upstream = randn(2, 5, seed=1)
        ours = torch.autograd.grad((logits * upstream).sum(), parts)
        theirs = torch.autograd.grad((torch.stack(expected) * upstream).sum(), parts)
        for mine, their in zip(ours, theirs, strict=True):
            close(mine, their)

    def test_depends_on_every_number_of_its_input(self):
        x = randn(2, 5, 6).requires_grad_()
        (gradient,) = torch.autograd.grad(discriminator()(x)[0].sum(), x)
        assert (gradient[0].abs() > 1e-6).all()
        assert (gradient[1] == 0).all()

    def test_dropout_is_for_training(self):
        model, x = discriminator(keep=(0.5, 0.5)), randn(2, 5, 6)
        assert torch.equal(model(x), model(x))
        first, second = (model(x, dice=roll(seeds)) for seeds in ([0, 1], [2, 3]))
        assert not torch.allclose(first, second)
        assert not torch.allclose(first, model(x))

    @pytest.mark.parametrize("keep", [(0.5, 1.0), (1.0, 0.5)])
    def test_the_first_rate_is_of_the_inputs(self, keep):
        x = torch.ones(2, 400, 6, dtype=torch.float64, requires_grad=True)
        logits = discriminator(keep=keep)(x, dice=roll([0, 1]))
        dropped = torch.autograd.grad(logits.sum(), x)[0] == 0
        some = dropped.any(dim=2) & ~dropped.all(dim=2)
        assert some.double().mean() > 0.9 if keep[0] < 1 else not some.any()

    def test_hidden_layers_have_the_second_rate(self):
        model, x = discriminator(keep=(1.0, 1e-9)), randn(2, 5, 6)
        assert torch.equal(model(x, dice=roll([0, 1])), torch.zeros(2, 5, dtype=torch.float64))
        affine(model)[-1][1].data += 7
        assert (model(x, dice=roll([0, 1])) == 7).all()


class TestLosses:
    @given(st.integers(1, 3), st.integers(1, 6), st.sampled_from([0.1, 1.0, 30.0, 500.0]))
    def test_equal_cross_entropy_with_logits_in_value_and_gradient(self, games, batch, scale):
        real, fake = (
            (scale * randn(games, batch, seed=seed)).requires_grad_() for seed in range(2)
        )
        bce = functional.binary_cross_entropy_with_logits
        for game in range(games):
            ones, zeros = torch.ones_like(real[game]), torch.zeros_like(real[game])
            pairs = [
                (value(real, fake)[game], -bce(real[game], ones) - bce(fake[game], zeros)),
                (generator_loss(fake)[game], bce(fake[game], ones)),
                (generator_loss(fake, saturating=True)[game], -bce(fake[game], zeros)),
            ]
            for ours, theirs in pairs:
                close(ours, theirs)
                mine, their = (
                    torch.autograd.grad(loss, [real, fake], retain_graph=True, allow_unused=True)
                    for loss in (ours, theirs)
                )
                for a, b in zip(mine, their, strict=True):
                    assert (a is None) == (b is None)
                    if a is not None and b is not None:
                        close(a, b)

    def test_gradcheck(self):
        real, fake = (randn(2, 3, seed=seed).requires_grad_() for seed in range(2))
        assert torch.autograd.gradcheck(value, (real, fake))
        for kind in (True, False):
            assert torch.autograd.gradcheck(
                lambda f, kind=kind: generator_loss(f, saturating=kind), fake
            )

    def test_a_discriminator_that_cannot_tell_has_minus_log_4(self):
        logits = torch.zeros(1, 5, dtype=torch.float64)
        assert value(logits, logits).item() == pytest.approx(-math.log(4), abs=1e-15)

    def test_finite_where_the_probability_is_0_or_1(self):
        logits = torch.tensor([[-1e5, 1e5]], dtype=torch.float64, requires_grad=True)
        for loss in (value(logits, -logits), generator_loss(logits)):
            (gradient,) = torch.autograd.grad(loss, logits)
            assert loss.isfinite()
            assert gradient.isfinite().all()

    def test_a_sure_discriminator_leaves_only_the_saturating_loss_without_slope(self):
        logits = torch.full((1, 1), -30.0, dtype=torch.float64, requires_grad=True)
        slopes = [
            torch.autograd.grad(generator_loss(logits, saturating=kind), logits)[0].item()
            for kind in (True, False)
        ]
        assert abs(slopes[0]) < 1e-12
        assert slopes[1] == pytest.approx(-1.0, abs=1e-12)


class TestTrain:
    reals = torch.rand(40, 6, generator=torch.Generator().manual_seed(9), dtype=torch.float64)

    def play(self, games=2, *, first=0, keep=(0.7, 0.7), **setting):
        g = generator(games, seed=first)
        d = discriminator(games, seed=first + 50, keep=keep)
        dice = roll(range(first + 100, first + 100 + games))
        settings: dict[str, Any] = {"steps": 6} | setting
        steps = list(train(g, d, self.reals, dice=dice, **settings))
        return g, d, steps

    def weights(self, *players):
        return [parameter.detach() for p in players for parameter in p.parameters()]

    @pytest.mark.parametrize("saturating", [True, False])
    @pytest.mark.parametrize("k", [1, 3])
    def test_is_algorithm_1_written_again_with_torchs_parts(self, k, saturating):
        g, d, steps = self.play(1, k=k, batch_size=4, saturating=saturating, steps=3)
        other_g, other_d, dice = generator(1), discriminator(1, keep=(0.7, 0.7)), roll([100])
        of_g = torch.optim.Adam(other_g.parameters(), lr=0.006, betas=(0.5, 0.999))
        of_d = torch.optim.Adam(other_d.parameters(), lr=0.012, betas=(0.5, 0.999))
        bce = functional.binary_cross_entropy_with_logits
        d_loss = 0.0
        for step in range(3):
            for optimizer, rate in ((of_g, 0.006), (of_d, 0.012)):
                optimizer.param_groups[0]["lr"] = rate * (1 - step / 3)
            for _ in range(k):
                picks = (torch.rand(4, generator=dice[0]) * 40).long()
                with torch.no_grad():
                    fakes = other_g(noise(dice, 4, 3).double())
                logits = other_d(torch.cat([self.reals[picks][None], fakes], 1), dice=dice)
                labels = torch.tensor([[1.0] * 4 + [0.0] * 4], dtype=torch.float64)
                loss = 2 * bce(logits, labels)
                of_d.zero_grad()
                loss.backward()
                of_d.step()
                d_loss = loss.item()
            logits = other_d(other_g(noise(dice, 4, 3).double()), dice=dice)
            lost = bce(logits, torch.zeros_like(logits) if saturating else torch.ones_like(logits))
            of_g.zero_grad()
            (-lost if saturating else lost).backward()
            of_g.step()
            assert steps[step].values.item() == pytest.approx(-d_loss, rel=1e-10)
        for ours, theirs in zip(self.weights(g, d), self.weights(other_g, other_d), strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)

    def test_yields_every_update_of_g_and_may_be_left_early(self):
        g, d, steps = self.play(steps=4)
        assert [step.step for step in steps] == [0, 1, 2, 3]
        assert all(isinstance(step, Step) and step.values.shape == (2,) for step in steps)
        assert not steps[0].values.requires_grad
        g, d = generator(), discriminator()
        before = [copy.deepcopy(self.weights(player)) for player in (g, d)]
        next(train(g, d, self.reals, steps=9, dice=roll([0, 1])))
        for player, weights in zip((g, d), before, strict=True):
            for new, old in zip(self.weights(player), weights, strict=True):
                assert not torch.equal(new, old)

    def test_a_game_goes_the_same_alone_and_in_company(self):
        g, d, _ = self.play(3)
        for game in range(3):
            alone = self.weights(*self.play(1, first=game)[:2])
            for ours, theirs in zip(self.weights(g, d), alone, strict=True):
                torch.testing.assert_close(ours[game], theirs[0], rtol=1e-9, atol=1e-12)

    def test_the_rates_are_of_g_and_of_d_and_fall_to_0(self):
        start = self.weights(generator(), discriminator(seed=50))
        g, d, _ = self.play(steps=1, learning_rates=(1e-3, 1e-12))
        moved = [
            (new - old).abs().max().item()
            for new, old in zip(self.weights(g, d), start, strict=True)
        ]
        count = len(list(g.parameters()))
        assert max(moved[:count]) == pytest.approx(1e-3, rel=1e-3)
        assert max(moved[count:]) < 2e-12
        g, d = generator(), discriminator(keep=(1.0, 1.0))
        path = [
            self.weights(g)[0].clone() for _ in train(g, d, self.reals, steps=40, dice=roll([0, 1]))
        ]
        lengths = [(b - a).abs().max().item() for a, b in itertools.pairwise(path)]
        assert lengths[-1] < 0.1 * max(lengths[:5])

    @pytest.mark.parametrize(
        "setting", [{"k": 2}, {"batch_size": 5}, {"saturating": True}, {"keep": (1.0, 0.7)}]
    )
    def test_every_setting_is_used(self, setting):
        usual, changed = (self.weights(*self.play(**s)[:2]) for s in ({}, setting))
        assert not all(torch.allclose(a, b) for a, b in zip(usual, changed, strict=True))

    def test_g_moves_to_the_real_examples(self):
        reals = torch.tensor([[0.15, 0.85]]) + 0.02 * torch.randn(
            200, 2, generator=torch.Generator().manual_seed(0)
        )
        dice = roll(range(5))
        g = Generator([4, 16, 2], average=torch.tensor([0.5, 0.5]), dice=dice)
        d = Discriminator(2, units=8, pieces=2, keep=(1.0, 1.0), dice=dice)
        start = g(noise(dice, 200, 4)).mean(1) - reals.mean(0)
        steps = list(train(g, d, reals, steps=300, dice=dice))
        end = g(noise(dice, 200, 4)).mean(1) - reals.mean(0)
        assert (end.norm(dim=1) < 0.5 * start.norm(dim=1)).all()
        assert torch.stack([step.values for step in steps[:30]]).mean() > -math.log(4)


class TestExpectedValue:
    x = torch.linspace(-12, 12, 24001, dtype=torch.float64)

    def logs(self, mean):
        return torch.distributions.Normal(mean, 1).log_prob(self.x)

    def test_is_minus_log_4_where_both_are_the_same(self):
        log_p = self.logs(0.0)
        got = expected_value(log_p, log_p, torch.zeros_like(log_p), width=0.001)
        assert got == pytest.approx(-math.log(4), abs=1e-12)

    @pytest.mark.parametrize(("mean", "slope"), [(1.0, -1.0), (3.0, 0.2), (0.0, 2.0)])
    def test_equals_an_integral_by_scipy(self, mean, slope):
        def height(x):
            log_d, log_not = -np.logaddexp(0, -slope * x), -np.logaddexp(0, slope * x)
            return norm.pdf(x) * log_d + norm.pdf(x, mean) * log_not

        expected = quad(height, -12, 12, epsabs=1e-13)[0]
        got = expected_value(self.logs(0.0), self.logs(mean), slope * self.x, width=0.001)
        assert got == pytest.approx(expected, abs=1e-10)

    def test_no_discriminator_is_better_than_the_optimum(self):
        log_p, log_q = self.logs(0.0), self.logs(2.0)
        best = expected_value(log_p, log_q, log_p - log_q, width=0.001)
        for seed in range(5):
            other = log_p - log_q + 0.1 * randn(len(self.x), seed=seed)
            assert expected_value(log_p, log_q, other, width=0.001) < best


class TestParzen:
    @given(
        st.integers(2, 7), st.integers(2, 9), st.integers(1, 4), st.sampled_from([0.1, 1.0, 5.0])
    )
    def test_equals_scikit_learns_kernel_density(self, points, samples, dim, sigma):
        rows, others = randn(points, dim), randn(samples, dim, seed=1)
        library = KernelDensity(bandwidth=sigma).fit(others.numpy())
        expected = torch.tensor(library.score_samples(rows.numpy()))
        torch.testing.assert_close(
            parzen(rows, others, sigma=sigma), expected, rtol=1e-9, atol=1e-9
        )

    def test_is_a_density(self):
        x = torch.linspace(-20, 20, 4001, dtype=torch.float64)[:, None]
        log_density = parzen(x, randn(5, 1), sigma=0.7)
        assert log_density.exp().sum().item() * 0.01 == pytest.approx(1.0, abs=1e-9)

    def test_gradcheck(self):
        points, samples = (randn(3, 2, seed=seed).requires_grad_() for seed in range(2))
        assert torch.autograd.gradcheck(lambda p, s: parzen(p, s, sigma=0.5), (points, samples))

    def test_far_points_stay_finite(self):
        assert parzen(1e3 * randn(2, 4), randn(3, 4), sigma=0.1).isfinite().all()


class TestFrechetDistance:
    @given(st.integers(1, 5), st.integers(2, 30), st.integers(2, 30), st.integers(0, 99))
    def test_equals_the_root_of_a_matrix_by_scipy(self, dim, count, other, seed):
        a = randn(count, dim, seed=seed) @ randn(dim, dim, seed=seed + 1)
        b = 1 + randn(other, dim, seed=seed + 2) @ randn(dim, dim, seed=seed + 3)
        cov = [np.atleast_2d(np.cov(rows.numpy().T)) for rows in (a, b)]
        root = np.real(np.linalg.eigvals(cov[0] @ cov[1]).astype(complex) ** 0.5).sum()
        if min(count, other) > dim:  # else the matrix is singular, and sqrtm is not exact
            root = np.trace(sqrtm(cov[0] @ cov[1])).real
        shift = (a.mean(0) - b.mean(0)).square().sum().item()
        expected = shift + np.trace(cov[0]) + np.trace(cov[1]) - 2 * root
        tolerance = 1e-9 if min(count, other) > dim else 1e-5
        assert frechet_distance(a, b) == pytest.approx(expected, rel=tolerance, abs=tolerance)

    def test_in_one_dimension_it_is_known(self):
        a, b = randn(50, 1), 3 + 2 * randn(60, 1, seed=1)
        expected = (a.mean() - b.mean()) ** 2 + (a.std() - b.std()) ** 2
        assert frechet_distance(a, b) == pytest.approx(expected.item(), rel=1e-12)

    def test_of_shifted_and_stretched_features(self):
        rows = randn(40, 5)
        assert frechet_distance(rows, rows) == pytest.approx(0, abs=1e-12)
        assert frechet_distance(rows, rows + 2) == pytest.approx(5 * 4, rel=1e-12)
        spread = rows.var(dim=0).sum().item()
        stretched = rows.mean(0) + 3 * (rows - rows.mean(0))
        assert frechet_distance(rows, stretched) == pytest.approx(4 * spread, rel=1e-12)

    def test_is_the_same_both_ways_also_for_fewer_examples_than_dimensions(self):
        a, b = randn(3, 8), randn(12, 8, seed=1)
        assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a), rel=1e-12)
        turn = torch.linalg.qr(randn(8, 8, seed=2)).Q
        assert frechet_distance(a @ turn, b @ turn) == pytest.approx(frechet_distance(a, b))


class TestRefuses:
    @pytest.mark.parametrize("bad", [([], 2, 3), (roll([0]), 0, 3), (roll([0]), 2, -1)])
    def test_noise_without_dice_or_size(self, bad, refuses):
        with refuses("games and sizes must be positive, got ("):
            noise(*bad)

    def test_sizes_of_networks(self, refuses):
        average, dice = torch.full((4,), 0.5), roll([0])
        for sizes in ([4], [], [2, 3]):
            with refuses(f"sizes must be two or more, the last 4 as of the average, got {sizes}"):
                Generator(sizes, average=average, dice=dice)
        for sizes in ([0, 4], [2, 0, 4]):
            with refuses("games and sizes must be positive, got ("):
                Generator(sizes, average=average, dice=dice)
        usual: dict[str, Any] = {"units": 2, "pieces": 2, "keep": (1.0, 1.0), "dice": dice}
        changes: list[dict[str, Any]] = [{"units": 0}, {"pieces": 0}, {"dice": []}]
        for bad in changes:
            with refuses("games and sizes must be positive, got ("):
                Discriminator(3, **(usual | bad))

    def test_averages_that_are_no_pixels(self, refuses):
        with refuses("average must be in [0, 1], got 0.5 to 1.5"):
            Generator([2, 2], average=torch.tensor([0.5, 1.5]), dice=roll([0]))
        with refuses("average must be finite, got 1 NaN"):
            Generator([2, 2], average=torch.tensor([0.5, math.nan]), dice=roll([0]))

    def test_what_networks_are_given(self, refuses):
        for network, name in ((generator(), "z"), (discriminator(), "x")):
            with refuses(f"{name} must have the axes (game, batch, dim), got the shape (2, 3)"):
                network(randn(2, 3))
            with refuses(f"{name} must be finite, got 6 NaN"):
                network(torch.full((1, 2, 3), math.nan))

    @pytest.mark.parametrize("pieces", [0, -1, 4])
    def test_pieces_that_do_not_divide(self, pieces, refuses):
        with refuses(f"pieces must be a divisor of the last axis, 6, got {pieces}"):
            maxout(randn(2, 6), pieces=pieces)

    @pytest.mark.parametrize("keep", [0.0, -0.5, 1.5, math.nan])
    def test_rates_of_dropout(self, keep, refuses):
        with refuses(f"keep must be in (0, 1], got {keep}"):
            dropout(torch.ones(1, 2, 3), keep=keep, dice=roll([0]))

    def test_dice_of_other_games(self, refuses):
        with refuses("dice must be 1, one a game, got 2"):
            dropout(torch.ones(1, 2, 3), keep=0.5, dice=roll([0, 1]))

    def test_logits(self, refuses):
        with refuses("fake_logits must have the shape of real_logits, (1, 2), got (1, 3)"):
            value(torch.zeros(1, 2), torch.zeros(1, 3))
        with refuses("real_logits must be finite, got 1 NaN"):
            value(torch.tensor([[0.0, math.nan]]), torch.zeros(1, 2))
        with refuses("fake_logits must have the axes (game, batch), got the shape (2,)"):
            generator_loss(torch.zeros(2))

    @pytest.mark.parametrize(
        "bad", [{"steps": 0}, {"k": 0}, {"batch_size": -1}, {"learning_rates": (0.1, 0.0)}]
    )
    def test_settings_of_the_training(self, bad, refuses):
        settings: dict[str, Any] = {"steps": 1} | bad
        run = train(generator(), discriminator(), randn(5, 6), **settings, dice=roll([0, 1]))
        with refuses("steps, k, batch_size and learning_rates must be positive, got ("):
            next(run)

    @pytest.mark.parametrize("games", [(2, 2, 1), (2, 1, 2), (1, 2, 2)])
    def test_games_that_do_not_match(self, games, refuses):
        players = generator(games[1]), discriminator(games[2])
        run = train(*players, randn(5, 6), steps=1, dice=roll(range(games[0])))
        with refuses(f"dice and the games of G and D must be equally many, got {list(games)}"):
            next(run)

    def test_real_examples(self, refuses):
        run = train(generator(), discriminator(), randn(0, 6), steps=1, dice=roll([0, 1]))
        with refuses("reals must not be empty"):
            next(run)

    @pytest.mark.parametrize("bad", [0.0, -1.0, math.inf, math.nan])
    def test_widths(self, bad, refuses):
        zeros = torch.zeros(3)
        with refuses(f"width must be positive and finite, got {bad}"):
            expected_value(zeros, zeros, zeros, width=bad)
        with refuses(f"sigma must be positive and finite, got {bad}"):
            parzen(randn(2, 3), randn(2, 3), sigma=bad)

    def test_densities_of_other_shapes(self, refuses):
        for shapes, words in [((3, 2, 3), "log_q must have the shape"), ((3, 3, 1), "logits must")]:
            with refuses(words):
                expected_value(*(torch.zeros(size) for size in shapes), width=0.1)

    @pytest.mark.parametrize("measure", [frechet_distance, lambda a, b: parzen(a, b, sigma=1.0)])
    def test_sets(self, measure, refuses):
        for shapes in [((3, 2), (3, 4)), ((1, 2), (3, 2)), ((3, 2), (1, 2))]:
            with refuses(f"sets must be of 2 or more each, of equal dimensions, got {shapes}"):
                measure(*(randn(*shape) for shape in shapes))
        with refuses("the second set must be finite, got 2 NaN"):
            measure(randn(2, 1), torch.full((2, 1), math.nan))
