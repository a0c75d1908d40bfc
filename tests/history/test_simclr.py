"""Equal to the losses and regressions of others, blind to labels, and random where it should be."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pytorch_metric_learning.losses import NTXentLoss, SelfSupervisedLoss
from scipy.spatial.transform import Rotation
from torch import nn

from dlbasic.data.mnist import load_mnist
from dlbasic.history.simclr import (
    SIZE,
    Encoder,
    SimCLR,
    accuracy,
    crop,
    distort_colour,
    encode,
    few,
    linear_probe,
    nt_xent,
    pictures,
    random_view,
    train,
    train_supervised,
    turn_hue,
    whole,
)

VIEWS = pytest.mark.parametrize("view", [crop, distort_colour, random_view])


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def randn(*shape, seed=0):
    return torch.randn(shape, generator=rng(seed), dtype=torch.float64)


def photos(count=4, side=28, seed=0):
    return torch.rand(count, 3, side, side, generator=rng(seed))


def model(seed=0):
    torch.manual_seed(seed)
    return SimCLR()


def classifier(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(Encoder(), nn.Linear(64, 10))


class TestNTXent:
    @given(
        st.integers(2, 9), st.integers(1, 6), st.sampled_from([0.05, 0.2, 1.0, 5.0]), st.booleans()
    )
    def test_equals_pytorch_metric_learning_in_value_and_gradient(self, batch, dim, tau, long):
        z1, z2 = (
            ((100.0 if long else 1.0) * randn(batch, dim, seed=seed)).requires_grad_()
            for seed in (0, 1)
        )
        ours = nt_xent(z1, z2, temperature=tau)
        reference = SelfSupervisedLoss(NTXentLoss(temperature=tau))(z1, z2)
        torch.testing.assert_close(ours, reference, rtol=1e-12, atol=1e-12)
        mine, theirs = (torch.autograd.grad(loss, [z1, z2]) for loss in (ours, reference))
        for one, other in zip(mine, theirs, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)

    def test_is_equation_1_summed_as_in_algorithm_1(self):
        z1, z2, tau = randn(3, 4).numpy(), randn(3, 4, seed=1).numpy(), 0.3
        z = np.stack([z1, z2], axis=1).reshape(6, 4)  # the paper's order: 2k - 1 belongs to 2k

        def sim(i, j):
            return z[i] @ z[j] / np.linalg.norm(z[i]) / np.linalg.norm(z[j])

        def loss(i, j):
            others = sum(np.exp(sim(i, k) / tau) for k in range(6) if k != i)
            return -np.log(np.exp(sim(i, j) / tau) / others)

        expected = sum(loss(2 * k, 2 * k + 1) + loss(2 * k + 1, 2 * k) for k in range(3)) / 6
        ours = nt_xent(torch.tensor(z1), torch.tensor(z2), temperature=tau)
        assert ours.item() == pytest.approx(expected, rel=1e-12)

    def test_gradcheck(self):
        z1, z2 = (randn(3, 4, seed=seed).requires_grad_() for seed in (0, 1))
        assert torch.autograd.gradcheck(lambda a, b: nt_xent(a, b, temperature=0.5), (z1, z2))

    def test_if_all_views_are_alike_each_of_the_others_is_as_likely(self):
        z = torch.ones(8, 3)
        assert nt_xent(z, z, temperature=0.1).item() == pytest.approx(math.log(15), rel=1e-6)

    def test_is_near_zero_if_pairs_agree_and_differ_from_the_others(self):
        z = torch.eye(8)
        assert nt_xent(z, z, temperature=0.05).item() < 1e-6
        assert nt_xent(z, z.roll(1, dims=0), temperature=0.05).item() > 10

    def test_length_means_nothing_and_the_sides_are_equal(self):
        z1, z2 = randn(5, 4), randn(5, 4, seed=1)
        loss = nt_xent(z1, z2, temperature=0.5)
        lengths = torch.linspace(0.1, 9, 5, dtype=torch.float64)[:, None]
        torch.testing.assert_close(nt_xent(lengths * z1, 3 * z2, temperature=0.5), loss)
        torch.testing.assert_close(nt_xent(z2, z1, temperature=0.5), loss)

    def test_pairs_may_stand_in_any_order_but_must_stay_together(self):
        z1, z2, order = randn(5, 4), randn(5, 4, seed=1), torch.tensor([3, 1, 4, 0, 2])
        loss = nt_xent(z1, z2, temperature=0.5)
        torch.testing.assert_close(nt_xent(z1[order], z2[order], temperature=0.5), loss)
        assert abs(nt_xent(z1, z2[order], temperature=0.5) - loss) > 1e-3

    @pytest.mark.parametrize("tau", [1e-3, 1e3])
    def test_stays_finite(self, tau):
        z = torch.zeros(3, 4, requires_grad=True)
        loss = nt_xent(z, randn(3, 4).float(), temperature=tau)
        loss.backward()
        assert torch.isfinite(loss)
        assert z.grad is not None
        assert torch.isfinite(z.grad).all()


class TestViews:
    @VIEWS
    def test_one_for_each_image_with_pixels_in_0_to_1(self, view):
        seen = view(photos(6), generator=rng())
        side = SIZE if view in (crop, random_view) else 28
        assert seen.shape == (6, 3, side, side)
        assert seen.min() >= 0
        assert seen.max() <= 1

    @VIEWS
    def test_are_drawn_for_each_image_by_the_generator(self, view):
        images = photos(1).expand(12, 3, 28, 28)
        first, again, other = (view(images, generator=rng(seed)) for seed in (1, 1, 2))
        assert torch.equal(first, again)
        assert not torch.allclose(first, other)
        assert len(first.flatten(1).unique(dim=0)) > 6

    @VIEWS
    def test_leave_the_images_as_they_were(self, view):
        images = photos()
        view(images, generator=rng())
        assert torch.equal(images, photos())

    def test_the_whole_picture_averages_two_by_two_pixels(self):
        images = photos(2)
        expected = images.view(2, 3, 14, 2, 14, 2).mean(dim=(3, 5))
        torch.testing.assert_close(whole(images), expected)
        torch.testing.assert_close(whole(expected), expected)

    def test_a_crop_is_a_box_of_the_size_that_was_asked_for_inside_the_picture(self):
        places = (torch.arange(280) + 0.5) / 280  # a pixel says where it is
        across, down = places.expand(280, 280), places[:, None].expand(280, 280)
        images = torch.stack([across, down, across]).expand(200, 3, 280, 280)
        boxes = crop(images, generator=rng())
        widths, heights = (
            (boxes[:, 0, :, -1] - boxes[:, 0, :, 0]) * 14 / 13,
            (boxes[:, 1, -1] - boxes[:, 1, 0]) * 14 / 13,
        )
        for sides in (widths, heights):
            assert sides.std(dim=1).max() < 1e-4  # an upright box
        area, ratio = (widths * heights)[:, 0], (widths / heights)[:, 0]
        assert 0.6 - 1e-3 < area.min() < 0.65
        assert 0.9 < area.max() <= 1 + 1e-4
        assert 3 / 4 - 1e-3 < ratio.min() < 0.8
        assert 1.25 < ratio.max() < 4 / 3 + 1e-3
        middles = boxes[:, :2].mean(dim=(2, 3))
        assert (middles - 0.5).abs().max() <= (1 - 0.6**0.5) / 2 + 0.1
        assert middles.std(dim=0).min() > 0.02  # it moves along both axes
        free = (1 - torch.stack([widths, heights], 1)[..., 0]) / 2
        assert ((middles - 0.5).abs() <= free + 1e-3).all()

    def test_a_crop_may_have_any_size(self):
        images = torch.full((2, 3, 9, 5), 0.25)
        expected = torch.full((2, 3, 7, 7), 0.25)
        torch.testing.assert_close(crop(images, generator=rng(), size=7), expected)

    def test_hue_turns_about_the_axis_of_grey(self):
        colour, turns = randn(20, 3, 1, 1), randn(20, 1, 1, 1, seed=1)
        axis = 2 * np.pi * turns.flatten()[:, None].numpy() * np.ones(3) / 3**0.5
        flat = colour[:, :, 0, 0] - colour[:, :, 0, 0].mean(1, keepdim=True)  # no grey in it
        expected = Rotation.from_rotvec(axis).apply(flat.numpy())
        turned = turn_hue(flat[:, :, None, None], turns=turns)[:, :, 0, 0]
        torch.testing.assert_close(turned, torch.tensor(expected))

    def test_a_third_of_a_turn_makes_green_of_red(self):
        red = torch.tensor([2.0, -1.0, -1.0])[None, :, None, None] / 3
        green = turn_hue(red, turns=torch.full((1, 1, 1, 1), 1 / 3))
        assert green.flatten().tolist() == pytest.approx([-1 / 3, 2 / 3, -1 / 3], abs=1e-6)

    def test_colours_change_in_four_of_five_and_go_in_one_of_five(self):
        images = 0.3 + 0.4 * photos(3000, side=2)
        seen = distort_colour(images, generator=rng())
        grey = (seen.std(dim=1).amax(dim=(1, 2)) < 1e-6).float().mean().item()
        same = (seen == images).flatten(1).all(dim=1).float().mean().item()
        assert grey == pytest.approx(0.2, abs=0.03)
        assert same == pytest.approx(0.2 * 0.8, abs=0.03)

    def test_every_part_of_the_distortion_is_there(self):
        images = 0.4 + 0.2 * photos(400, side=4)
        seen = distort_colour(images, generator=rng())
        level = seen.mean(dim=(1, 2, 3)) - images.mean(dim=(1, 2, 3))
        contrast = seen.mean(1).std(dim=(1, 2)) / images.mean(1).std(dim=(1, 2))
        assert level.std() > 0.1  # brightness
        assert contrast.min() < 0.4
        assert contrast.max() > 1.6
        spread = seen.std(dim=1).mean((1, 2)) / images.std(dim=1).mean((1, 2)) / contrast
        assert spread[spread > 0.01].min() < 0.4  # saturation
        assert spread.max() > 1.6
        one, other = ((each - each.mean(1, keepdim=True)).flatten(1) for each in (images, seen))
        along = (one * other).sum(1) / one.norm(dim=1) / other.norm(dim=1).clamp(min=1e-9)
        assert along[spread > 0.01].min() < 0.6  # hue


class TestPictures:
    def test_a_bright_pen_on_dark_paper_with_ink_between(self):
        (images, _), _ = pictures(seed=3)
        ink = load_mnist()[0][torch.randperm(5000, generator=rng(3))[:4500]]
        paper = images[:, :, 0, 0]  # no drawing reaches this corner
        darkest, brightest = ink.flatten(1).argmin(1), ink.flatten(1).argmax(1)
        rows = torch.arange(4500)
        assert torch.equal(images.flatten(2)[rows, :, darkest], paper)
        pen = images.flatten(2)[rows, :, brightest]
        full = ink.flatten(1).amax(1) == 1
        assert full.float().mean() > 0.5
        assert paper.max() <= 0.5 <= pen[full].min()
        paper, pen, images, ink = (each[full] for each in (paper, pen, images, ink))
        between = paper[:, :, None, None] + ink[:, None] * (pen - paper)[:, :, None, None]
        torch.testing.assert_close(images, between, rtol=0, atol=1e-6)
        for colours in (paper, pen):
            assert colours.std(dim=0).min() > 0.1  # of its own for each picture
            assert colours.std(dim=1).mean() > 0.05  # and no grey

    def test_each_digit_is_dealt_once_and_keeps_its_label(self):
        (images, digits), (test_images, test_digits) = pictures(seed=3)
        assert len(images) == len(digits) == 4500
        assert len(test_images) == len(test_digits) == 500
        order = torch.randperm(5000, generator=rng(3))
        assert torch.equal(torch.cat([digits, test_digits]), load_mnist()[1][order])
        ink = load_mnist()[0][order]
        for which, image in [(0, images[0]), (4500, test_images[0])]:
            assert (image[:, ink[which] == 0].std(dim=1) < 1e-6).all()
            assert image[:, ink[which] > 0].std(dim=1).max() > 0.05
        assert torch.equal(images, pictures(seed=3)[0][0])
        assert not torch.equal(images, pictures(seed=4)[0][0])

    def test_few_of_every_class(self):
        digits = torch.tensor([1, 0, 2, 1, 0, 2, 1, 0, 2, 0])
        rows = few(digits, each=2, seed=0)
        assert digits[rows].tolist() == [0, 0, 1, 1, 2, 2]
        assert len(rows.unique()) == 6
        assert torch.equal(rows, few(digits, each=2, seed=0))
        assert len({tuple(few(digits, each=2, seed=seed).tolist()) for seed in range(9)}) > 3


class TestModel:
    def test_h_is_the_average_over_all_places_of_three_convolutions(self):
        encoder, images = model().encoder.eval(), photos(3, side=SIZE)
        layers = [each for each in encoder if not isinstance(each, nn.AdaptiveAvgPool2d)]
        grid = images - 0.5
        for layer in layers[:-1]:
            grid = layer(grid)
        assert grid.shape == (3, 64, 2, 2)
        torch.testing.assert_close(encoder(images), grid.mean(dim=(2, 3)))

    def test_the_head_is_a_network_with_one_hidden_layer_and_relu(self):
        simclr, images = model().eval(), photos(3, side=SIZE)
        h = simclr.encoder(images)
        first, _, second = simclr.head
        z = (h @ first.weight.T + first.bias).clamp(min=0) @ second.weight.T + second.bias
        torch.testing.assert_close(simclr(images), z)
        assert z.shape == (3, 32)

    def test_number_of_parameters(self):
        convolutions = 3 * 25 * 16 + 16 * 9 * 32 + 32 * 9 * 64
        norms, head = 2 * (16 + 32 + 64), 64 * 64 + 64 + 64 * 32 + 32
        count = sum(each.numel() for each in SimCLR().parameters())
        assert count == convolutions + norms + head


class TestTrain:
    def test_yields_every_step_and_the_loss_falls(self):
        steps = list(train(model(), photos(40), steps=25, batch_size=20, view=crop))
        assert [step.step for step in steps] == list(range(25))
        assert steps[-1].loss < steps[0].loss - 0.3

    def test_first_loss_is_that_of_two_views_of_the_first_batch(self):
        seen, simclr = [], model()

        def view(images, *, generator):
            seen.append(images)
            return random_view(images, generator=generator)

        step = next(train(simclr, photos(30), batch_size=8, view=view, temperature=0.7, seed=5))
        generator = rng(5)
        batch = photos(30)[torch.randperm(30, generator=generator)[:8]]
        assert torch.equal(seen[0], torch.cat([batch, batch]))
        views = random_view(torch.cat([batch, batch]), generator=generator)
        fresh = model()
        z = fresh(views)
        assert step.loss == pytest.approx(nt_xent(z[:8], z[8:], temperature=0.7).item(), rel=1e-5)

    def test_the_step_follows_the_gradient_by_the_rate_of_the_schedule(self):
        simclr = model()
        last = simclr.head[2].get_parameter("weight")
        before = last.detach().clone()
        run = train(simclr, photos(30), batch_size=8, steps=10)
        next(run)
        moved = (last - before).abs()
        assert moved.max().item() == pytest.approx(0.01 / 5, rel=1e-3)  # Adam's first step

    def test_seed_temperature_and_view_are_used(self):
        def weights(**setting):
            simclr = model()
            list(train(simclr, photos(30), batch_size=8, steps=3, **setting))
            return next(simclr.parameters()).detach()

        assert torch.equal(weights(seed=1), weights(seed=1))
        for setting in ({"seed": 2}, {"seed": 1, "temperature": 1.0}, {"seed": 1, "view": crop}):
            assert not torch.allclose(weights(seed=1), weights(**setting))

    def test_supervised_learns_by_heart(self):
        network, digits = classifier(), torch.arange(8)
        run = train_supervised(network, photos(8), digits, view=whole, steps=60, seed=0)
        steps = list(run)
        assert steps[-1].loss < 0.1 < steps[0].loss
        assert accuracy(network, photos(8), digits) == 1

    def test_supervised_starts_with_the_cross_entropy_of_its_first_batch(self):
        digits = torch.arange(8)
        run = train_supervised(classifier(), photos(8), digits, view=random_view, steps=3, seed=4)
        generator = rng(4)
        rows = torch.randint(8, (32,), generator=generator)
        views = random_view(photos(8)[rows], generator=generator)
        expected = nn.functional.cross_entropy(classifier()(views), digits[rows])
        assert next(run).loss == pytest.approx(expected.item(), rel=1e-5)

    def test_supervised_uses_its_view_its_labels_and_its_seed(self):
        def last(digits, view, seed=0):
            run = train_supervised(classifier(), photos(8), digits, view=view, steps=3, seed=seed)
            return list(run)[-1]

        digits = torch.arange(8)
        assert last(digits, whole) == last(digits, whole)
        assert last(digits, whole) != last(digits, random_view)
        assert last(digits, whole) != last(digits.roll(1), whole)
        assert last(digits, whole) != last(digits, whole, seed=1)


class TestProbe:
    def probe(self, encoder, count=20, **setting: Any):
        images, labels = photos(count, side=SIZE), torch.arange(count) % 5
        return images, labels, linear_probe(encoder, images, labels, **setting)

    def test_is_the_regression_that_torch_finds_too(self):
        encoder = nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten())
        images, labels, probe = self.probe(encoder, 40, view=whole)
        h = encoder(images).double()  # each image is seen five times
        deviation, mean = torch.std_mean(h.repeat(5, 1), dim=0)
        features, layer = (h - mean) / deviation, nn.Linear(12, 5, dtype=torch.float64)
        nn.init.zeros_(layer.weight)
        setting = {"max_iter": 500, "tolerance_grad": 1e-9, "line_search_fn": "strong_wolfe"}
        optimizer = torch.optim.LBFGS(layer.parameters(), **setting)

        def closure():
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(layer(features), labels)
            loss = loss + 0.005 * layer.weight.square().sum()
            loss.backward()
            return loss

        optimizer.step(closure)
        expected = layer(features).softmax(1)
        assert expected.std() > 0.1
        assert expected.amax(1).min() < 0.99  # not so sure that every fit would look the same
        torch.testing.assert_close(probe(images).double().softmax(1), expected, rtol=0, atol=0.01)

    def test_the_encoder_stays_as_it_is_and_the_views_are_used(self):
        encoder = model().encoder
        before = {name: value.clone() for name, value in encoder.state_dict().items()}
        settings: list[dict[str, Any]] = [{}, {"seed": 1}, {"view": whole}]
        probes = [self.probe(encoder, **setting)[2] for setting in settings]
        weights = [probe[1].get_parameter("weight") for probe in probes]
        for name, value in encoder.state_dict().items():
            assert torch.equal(before[name], value)
        assert not torch.allclose(weights[0], weights[1])
        assert not torch.allclose(weights[0], weights[2])

    def test_the_layer_is_fitted_to_views_and_judged_on_raw_features(self):
        images, labels, probe = self.probe(model().encoder)
        encoder, layer = probe
        h = encoder(images)
        assert layer(h).shape == (20, 5)
        torch.testing.assert_close(probe(images), layer(h))
        assert accuracy(probe, images, labels) > 0.7

    def test_a_feature_that_never_changes_has_no_say(self):
        class Padded(nn.Module):
            def forward(self, images):
                return nn.functional.pad(images.flatten(1), (0, 1), value=7.0)

        _, _, probe = self.probe(Padded(), view=whole)
        assert (probe[1].get_parameter("weight")[:, -1] == 0).all()

    def test_encode_says_h_of_whole_images_in_evaluation_mode(self):
        encoder, images = model().encoder.train(), photos(20)
        h = encode(encoder, images)
        assert not encoder.training
        torch.testing.assert_close(h, encoder(whole(images)))
        assert not h.requires_grad

    def test_accuracy_is_the_share_of_right_answers(self):
        class Sure(nn.Module):
            def forward(self, images):
                return torch.eye(10)[torch.tensor([1, 2, 3, 4])]

        assert accuracy(Sure(), photos(4), torch.tensor([1, 2, 0, 0])) == 0.5


class TestRefuses:
    @pytest.mark.parametrize("temperature", [0.0, -1.0, math.inf, math.nan])
    def test_a_temperature_that_is_not_positive(self, temperature, refuses):
        with refuses(f"temperature must be positive and finite, got {temperature}"):
            nt_xent(torch.ones(2, 3), torch.ones(2, 3), temperature=temperature)

    def test_one_example_which_has_no_other(self, refuses):
        with refuses("z1 must be two examples or more, so that there is another, got 1"):
            nt_xent(torch.ones(1, 3), torch.ones(1, 3), temperature=1.0)

    def test_views_that_do_not_pair_up(self, refuses):
        with refuses("z1 must have the shape of z2, (3, 3), got (2, 3)"):
            nt_xent(torch.ones(2, 3), torch.ones(3, 3), temperature=1.0)
        with refuses("z2 must be finite, got 1 NaN"):
            bad = torch.tensor([[1.0, math.nan], [1.0, 1.0]])
            nt_xent(torch.ones(2, 2), bad, temperature=1.0)

    @pytest.mark.parametrize("view", [crop, distort_colour, whole, random_view])
    def test_images_that_are_none(self, view, refuses):
        for images, what in [
            (torch.zeros(2, 28, 28), "have the axes (batch, 3, height, width), got the shape"),
            (torch.zeros(0, 3, 2, 2), "not be empty"),
            (torch.zeros(2, 3, 4, 4, dtype=torch.uint8), "be floating point, got torch.uint8"),
            (torch.zeros(2, 1, 28, 28), "be of three channels, got 1"),
            ([1], "be a tensor (batch, 3, height, width), got list"),
        ]:
            with refuses(f"images must {what}"):
                view(images, generator=rng())

    @pytest.mark.parametrize("view", [crop, distort_colour, whole, random_view])
    @pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf])
    @pytest.mark.parametrize("which", [0, 1])
    def test_pixels_out_of_range(self, view, value, which, refuses):
        images = photos()
        images[which, 2, 3, 4] = value
        with refuses("images must be "):
            view(images, generator=rng())

    def test_a_crop_without_pixels(self, refuses):
        with refuses("size must be positive, got 0"):
            crop(photos(), generator=rng(), size=0)

    @pytest.mark.parametrize("each", [0, 2])
    def test_more_labels_than_there_are(self, each, refuses):
        with refuses(f"each must be from 1 to 1, as the rarest class has, got {each}"):
            few(torch.tensor([0, 1, 1]), each=each, seed=0)

    @pytest.mark.parametrize("batch_size", [1, 31])
    def test_a_batch_that_cannot_be(self, batch_size, refuses):
        with refuses(f"batch_size must be from 2 to 30, got {batch_size}"):
            next(train(model(), photos(30), batch_size=batch_size))

    def test_no_steps(self, refuses):
        with refuses("steps must be positive, got 0"):
            next(train(model(), photos(3), batch_size=2, steps=0))

    def test_labels_that_do_not_pair_up(self, refuses):
        labels = torch.arange(3)
        setting: Any = {"view": whole, "steps": 1, "seed": 0}
        for call in (
            lambda: next(train_supervised(classifier(), photos(4), labels, **setting)),
            lambda: linear_probe(classifier(), photos(4), labels),
            lambda: accuracy(classifier(), photos(4), labels),
        ):
            with refuses("labels must be 4, one an image, got 3"):
                call()

    def test_labels_that_are_none(self, refuses):
        with refuses("labels must be from 0 to 9, got 0 to 10"):
            accuracy(classifier(), photos(2), torch.tensor([0, 10]))

    @pytest.mark.parametrize("labels", [[0, 1, 1], [0, 1, 3], [1, 2, 3]])
    def test_too_few_classes_or_a_gap_between_them(self, labels, refuses):
        with refuses("labels must be 0, 1, 2 and so on, three classes or more, got ["):
            linear_probe(nn.Flatten(), photos(3), torch.tensor(labels))

    def test_more_images_than_views(self, refuses):
        with refuses("images must be at most 200, got 201"):
            linear_probe(nn.Flatten(), photos(201, side=2), torch.arange(201) % 3)
