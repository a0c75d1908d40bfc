"""Equal to the losses and regressions of others, blind to labels, and random where it should be."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pytorch_metric_learning.losses import NTXentLoss, SelfSupervisedLoss
from scipy.spatial.transform import Rotation
from sklearn.linear_model import LogisticRegression
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
    logistic_regression,
    nt_xent,
    paint,
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


def model(seed=0, **size):
    torch.manual_seed(seed)
    return SimCLR(**({"channels": 4, "projection": 5} | size))


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
        boxes = crop(images, generator=rng(), smallest=0.3)
        widths, heights = (
            (boxes[:, 0, :, -1] - boxes[:, 0, :, 0]) * 14 / 13,
            (boxes[:, 1, -1] - boxes[:, 1, 0]) * 14 / 13,
        )
        for sides in (widths, heights):
            assert sides.std(dim=1).max() < 1e-4  # an upright box
        area, ratio = (widths * heights)[:, 0], (widths / heights)[:, 0]
        assert 0.3 - 1e-3 < area.min() < 0.35
        assert 0.85 < area.max() <= 1
        assert 3 / 4 - 1e-3 < ratio.min() < 0.8
        assert 1.25 < ratio.max() < 4 / 3 + 1e-3
        middles = boxes[:, :2].mean(dim=(2, 3))
        assert (middles - 0.5).abs().max() <= (1 - 0.3**0.5) / 2 + 0.1
        assert middles.std(dim=0).min() > 0.05  # it moves along both axes
        free = (1 - torch.stack([widths, heights], 1)[..., 0]) / 2
        assert ((middles - 0.5).abs() <= free + 1e-3).all()

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

    def test_without_strength_colours_stay_or_go(self):
        images = photos(50)
        seen = distort_colour(images, generator=rng(), strength=0.0)
        grey = images.mean(dim=1, keepdim=True).expand_as(images)
        near = [(seen - each).abs().flatten(1).amax(1) < 1e-5 for each in (images, grey)]
        assert (near[0] | near[1]).all()
        assert near[0].any()
        assert near[1].any()

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
        ink = torch.tensor([0.0, 0.5, 1.0]).expand(50, 2, 3)
        painted = paint(ink, generator=rng())
        paper, half, pen = painted.unbind(dim=3)
        assert paper.max() <= 0.5 <= pen.min()
        torch.testing.assert_close(half, (paper + pen) / 2)
        assert (paper == paper[:, :, :1]).all()
        for colours in (paper[:, :, 0], pen[:, :, 0]):
            assert colours.std(dim=0).min() > 0.1  # of its own for each picture
            assert colours.std(dim=1).mean() > 0.05  # and no grey

    def test_each_digit_is_dealt_once_and_keeps_its_label(self):
        world = pictures(seed=3)
        ink, digits = load_mnist()
        assert len(world.images) == len(world.digits) == 4000
        assert len(world.test_images) == len(world.test_digits) == 1000
        order = torch.randperm(5000, generator=rng(3))
        assert torch.equal(torch.cat([world.digits, world.test_digits]), digits[order])
        blank = ink[order[0]] == 0
        assert (world.images[0][:, blank].std(dim=1) < 1e-6).all()
        assert torch.equal(world.images, pictures(seed=3).images)
        assert not torch.equal(world.images, pictures(seed=4).images)

    def test_few_of_every_class(self):
        digits = torch.tensor([1, 0, 2, 1, 0, 2, 1, 0, 2, 0])
        rows = few(digits, each=2, seed=0)
        assert digits[rows].tolist() == [0, 0, 1, 1, 2, 2]
        assert len(rows.unique()) == 6
        assert torch.equal(rows, few(digits, each=2, seed=0))
        assert len({tuple(few(digits, each=2, seed=seed).tolist()) for seed in range(9)}) > 3


class TestModel:
    def test_h_is_the_average_over_all_places_of_three_convolutions(self):
        torch.manual_seed(0)
        encoder, images = Encoder(channels=4).eval(), photos(3, side=SIZE)
        layers = [each for each in encoder if not isinstance(each, nn.AdaptiveAvgPool2d)]
        grid = images - 0.5
        for layer in layers[:-1]:
            grid = layer(grid)
        assert grid.shape == (3, 16, 2, 2)
        torch.testing.assert_close(encoder(images), grid.mean(dim=(2, 3)))
        assert encoder.dim == 16

    def test_the_head_is_a_network_with_one_hidden_layer_and_relu(self):
        simclr, images = model().eval(), photos(3, side=SIZE)
        h = simclr.encoder(images)
        first, _, second = simclr.head
        z = (h @ first.weight.T + first.bias).clamp(min=0) @ second.weight.T + second.bias
        torch.testing.assert_close(simclr(images), z)
        assert z.shape == (3, 5)

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
        before = simclr.head[2].weight.detach().clone()
        run = train(simclr, photos(30), batch_size=8, steps=10, rate=0.02)
        next(run)
        moved = (simclr.head[2].weight - before).abs()
        assert moved.max().item() == pytest.approx(0.02 / 5, rel=1e-3)  # Adam's first step

    def test_seed_temperature_and_view_are_used(self):
        def weights(**setting):
            simclr = model()
            list(train(simclr, photos(30), batch_size=8, steps=3, **setting))
            return simclr.encoder[0].weight.detach()

        assert torch.equal(weights(seed=1), weights(seed=1))
        for setting in ({"seed": 2}, {"seed": 1, "temperature": 1.0}, {"seed": 1, "view": crop}):
            assert not torch.allclose(weights(seed=1), weights(**setting))

    def test_supervised_learns_by_heart(self):
        torch.manual_seed(0)
        encoder = Encoder(channels=4)
        classifier, digits = nn.Sequential(encoder, nn.Linear(16, 10)), torch.arange(8)
        steps = list(train_supervised(classifier, photos(8), digits, view=whole, steps=60))
        assert steps[-1].loss < 0.1 < steps[0].loss
        assert accuracy(classifier, photos(8), digits) == 1

    def test_supervised_uses_its_view_and_its_labels(self):
        def last(digits, view):
            torch.manual_seed(0)
            classifier = nn.Sequential(Encoder(channels=4), nn.Linear(16, 10))
            return list(train_supervised(classifier, photos(8), digits, view=view, steps=3))[-1]

        digits = torch.arange(8)
        assert last(digits, whole) == last(digits, whole)
        assert last(digits, whole) != last(digits, random_view)
        assert last(digits, whole) != last(digits.roll(1), whole)


class TestProbe:
    def test_equals_scikit_learn(self):
        features, digits = randn(60, 5), torch.arange(60) % 10
        features = features + 0.5 * torch.eye(10, dtype=torch.float64)[digits][:, :5]
        layer = logistic_regression(features, digits, decay=0.1)
        reference = LogisticRegression(C=1 / (60 * 0.1), tol=1e-10, max_iter=5000)
        reference.fit(features.numpy(), digits.numpy())
        expected = torch.tensor(reference.predict_proba(features.numpy()))
        torch.testing.assert_close(layer(features).softmax(1), expected, rtol=0, atol=1e-5)
        torch.testing.assert_close(layer.weight, torch.tensor(reference.coef_), rtol=0, atol=1e-4)

    def test_the_gradient_at_the_end_is_zero(self):
        features, digits = randn(40, 3), torch.arange(40) % 10
        layer = logistic_regression(features, digits, decay=0.05).requires_grad_()
        loss = nn.functional.cross_entropy(layer(features), digits)
        loss = loss + 0.05 / 2 * layer.weight.square().sum()
        for gradient in torch.autograd.grad(loss, list(layer.parameters())):
            assert gradient.abs().max() < 1e-5

    def test_the_layer_sees_features_in_units_of_their_deviation(self):
        images, digits = photos(20, side=SIZE), torch.arange(20) % 10
        pixels = images.flatten(1)
        deviation, mean = torch.std_mean(pixels, dim=0)
        expected = logistic_regression((pixels - mean) / deviation, digits)
        probe = linear_probe(nn.Flatten(), images, digits, view=whole, num_views=20)
        theirs = expected((pixels - mean) / deviation)
        torch.testing.assert_close(probe(images), theirs, rtol=1e-3, atol=1e-3)

    def test_the_encoder_stays_as_it_is_and_the_views_are_used(self):
        simclr, images, digits = model(), photos(20), torch.arange(20) % 10
        before = {name: value.clone() for name, value in simclr.state_dict().items()}
        one, other, third = (
            linear_probe(simclr.encoder, images, digits, **setting)
            for setting in ({}, {"seed": 1}, {"view": whole})
        )
        for name, value in simclr.state_dict().items():
            assert torch.equal(before[name], value)
        assert not torch.allclose(one[1].weight, other[1].weight)
        assert not torch.allclose(one[1].weight, third[1].weight)

    def test_a_feature_that_never_changes_has_no_say(self):
        class Padded(nn.Module):
            def forward(self, images):
                return torch.nn.functional.pad(images.flatten(1), (0, 1), value=7.0)

        images, digits = photos(20, side=SIZE), torch.arange(20) % 10
        layer = linear_probe(Padded(), images, digits, view=whole)[1]
        assert isinstance(layer, nn.Linear)
        assert (layer.weight[:, -1] == 0).all()

    def test_encode_says_h_of_whole_images_in_evaluation_mode(self):
        simclr, images = model().train(), photos(600, side=28)
        h = encode(simclr.encoder, images)
        assert not simclr.encoder.training
        torch.testing.assert_close(h, simclr.encoder(whole(images)))
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
        for images in (torch.zeros(2, 28, 28), torch.zeros(2, 1, 28, 28), torch.zeros(0, 3, 2, 2)):
            with refuses("images must be floating point, (batch, 3, height, width) and not empty"):
                view(images, generator=rng())
        with refuses("images must be floating point"):
            view(torch.zeros(2, 3, 4, 4, dtype=torch.uint8), generator=rng())
        with refuses("images must be floating point, (batch, 3, height, width) and not empty, got"):
            view([1], generator=rng())
        for value in (-0.1, 1.1, math.nan, math.inf):
            images = photos()
            images[1, 2, 3, 4] = value
            with refuses("images must be in [0, 1], got "):
                view(images, generator=rng())

    @pytest.mark.parametrize("value", [0.0, 1.1, math.nan])
    def test_a_smallest_crop_that_is_none(self, value, refuses):
        with refuses(f"smallest must be in (0, 1], got {value}"):
            crop(photos(), generator=rng(), smallest=value)

    @pytest.mark.parametrize("value", [-0.1, 1.1, math.nan])
    def test_a_strength_out_of_range(self, value, refuses):
        with refuses(f"strength must be in [0, 1], got {value}"):
            distort_colour(photos(), generator=rng(), strength=value)

    def test_ink_out_of_range(self, refuses):
        with refuses("ink must be in [0, 1]"):
            paint(torch.full((1, 2, 2), 1.5), generator=rng())
        with refuses("ink must have the axes (batch, height, width)"):
            paint(torch.zeros(2, 2), generator=rng())

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
        digits = torch.arange(3)
        classifier = nn.Sequential(Encoder(channels=4), nn.Linear(16, 10))
        for call in (
            lambda: next(train_supervised(classifier, photos(4), digits)),
            lambda: linear_probe(classifier, photos(4), digits),
            lambda: logistic_regression(torch.zeros(4, 2), digits),
            lambda: accuracy(classifier, photos(4), digits),
        ):
            with refuses("digits must be 4, one an example, got 3"):
                call()

    def test_labels_that_are_none(self, refuses):
        with refuses("digits must be from 0 to 9, got 0 to 10"):
            logistic_regression(torch.zeros(2, 2), torch.tensor([0, 10]))

    def test_too_few_views(self, refuses):
        with refuses("num_views must be 4 or more, one each, got 3"):
            linear_probe(nn.Flatten(), photos(4), torch.arange(4), num_views=3)

    def test_a_decay_that_is_not_positive(self, refuses):
        with refuses("decay must be positive and finite, got 0"):
            logistic_regression(torch.zeros(2, 2), torch.tensor([0, 1]), decay=0)
