"""Literal definitions beside ours, what depends on what, a loss that falls, and what is refused."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from dlbasic.data.scenes import JOINTS, SIZE, draw
from dlbasic.tasks.pose import (
    CENTRES,
    PAIRS,
    PoseNet,
    expected_place,
    heat_map_loss,
    heat_maps,
    locate,
    pckh,
    predict,
    swapped,
    train,
    trained,
)

few = settings(max_examples=25)
inner = st.floats(CENTRES[0].item(), CENTRES[-1].item())


@pytest.fixture(scope="module")
def scenes():
    return draw(64, seed=5)


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def network(seed=0):
    torch.manual_seed(seed)
    return PoseNet(width=4)


JOINTS_OF_THIRTY = draw(30, seed=3).joints.double()


def guesses(seed=0, scale=2.0):
    joints = JOINTS_OF_THIRTY
    return joints + scale * numbers(*joints.shape, seed=seed), joints


class TestHeatMaps:
    @few
    @given(x=inner, y=inner)
    def test_a_heat_map_is_a_distribution_with_the_joint_as_its_average(self, x, y):
        joint = torch.tensor([x, y], dtype=torch.float64)
        cells = heat_maps(joint)
        assert cells.min() >= 0
        assert (cells > 0).sum() <= 4
        average = torch.stack(
            [cells.sum(dim=0) @ CENTRES.double(), cells.sum(dim=1) @ CENTRES.double()]
        )
        torch.testing.assert_close(cells.sum().item(), 1.0, rtol=1e-12, atol=0)
        torch.testing.assert_close(average, joint, rtol=1e-12, atol=1e-12)

    def test_shares_equal_those_of_torch_which_reads_a_picture_between_its_pixels(self):
        joints = 2 + 44 * torch.rand(20, 2, generator=torch.Generator().manual_seed(0)).double()
        picture = numbers(12, 12)
        grid = (joints / SIZE * 2 - 1).view(1, 1, 20, 2)
        read = functional.grid_sample(picture[None, None], grid, align_corners=False)
        ours = (heat_maps(joints) * picture).sum(dim=(1, 2))
        torch.testing.assert_close(ours, read.flatten(), rtol=1e-12, atol=1e-12)

    def test_a_joint_beyond_the_outermost_centres_is_moved_to_them(self):
        corner = heat_maps(torch.tensor([0.0, 48.0]))
        assert corner[11, 0] == 1
        assert corner.sum() == 1

    @few
    @given(x=inner, y=inner)
    def test_locate_undoes_a_heat_map(self, x, y):
        joint = torch.tensor([x, y], dtype=torch.float64)
        logits = heat_maps(joint).clamp(min=1e-12).log()
        torch.testing.assert_close(locate(logits), joint, rtol=0, atol=1e-8)

    def test_locate_ignores_a_second_peak_that_the_average_of_all_cells_does_not(self):
        cells = 0.6 * heat_maps(torch.tensor([10.0, 10.0])) + 0.4 * heat_maps(
            torch.tensor([38.0, 30.0])
        )
        logits = cells.clamp(min=1e-9).log()
        torch.testing.assert_close(locate(logits), torch.tensor([10.0, 10.0]), atol=1e-3, rtol=0)
        between = torch.tensor([0.6 * 10 + 0.4 * 38, 0.6 * 10 + 0.4 * 30])
        torch.testing.assert_close(expected_place(logits), between, atol=1e-3, rtol=0)

    @pytest.mark.parametrize("row", [0, 5, 11])
    @pytest.mark.parametrize("column", [0, 7, 11])
    def test_locate_is_the_average_round_the_largest_cell(self, row, column):
        logits = numbers(12, 12, seed=row + column)
        logits[row, column] = 9.0
        rows, columns = range(max(0, row - 1), row + 2), range(max(0, column - 1), column + 2)
        total = x = y = 0.0
        for i in rows:
            for j in columns:
                if i < 12 and j < 12:
                    share = math.exp(logits[i, j].item())
                    total, x, y = total + share, x + share * (4 * j + 2), y + share * (4 * i + 2)
        expected = torch.tensor([x / total, y / total], dtype=torch.float64)
        torch.testing.assert_close(locate(logits), expected, rtol=1e-12, atol=0)

    @pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
    def test_places_lie_in_the_picture_however_large_the_logits(self, scale):
        for place in (locate, expected_place):
            places = place(scale * numbers(3, 11, 12, 12))
            assert places.shape == (3, 11, 2)
            assert places.min() >= CENTRES[0]
            assert places.max() <= CENTRES[-1]


class TestLoss:
    @few
    @given(count=st.integers(1, 6), scale=st.sampled_from([1e-3, 1.0, 1e3]))
    def test_value_and_gradient_equal_torch(self, count, scale):
        logits = (scale * numbers(count, 12, 12)).requires_grad_()
        joints = 24 + 5 * numbers(count, 2).clamp(-4, 4)
        value = heat_map_loss(logits, joints)
        expected = functional.cross_entropy(logits.flatten(1), heat_maps(joints).flatten(1))
        torch.testing.assert_close(value, expected, rtol=1e-12, atol=1e-12)
        (gradient,) = torch.autograd.grad(value, logits)
        (expected_gradient,) = torch.autograd.grad(expected, logits)
        torch.testing.assert_close(gradient, expected_gradient, rtol=1e-12, atol=1e-14)

    def test_gradcheck(self):
        joints = torch.tensor([[20.5, 31.0]], dtype=torch.float64)
        assert torch.autograd.gradcheck(
            heat_map_loss, (numbers(1, 12, 12).requires_grad_(), joints)
        )
        assert torch.autograd.gradcheck(expected_place, (numbers(2, 12, 12).requires_grad_(),))

    def test_the_target_itself_is_the_best_answer(self):
        joints = torch.tensor([[20.5, 31.0]], dtype=torch.float64)
        target = heat_maps(joints)
        best = heat_map_loss(target.clamp(min=1e-30).log(), joints)
        torch.testing.assert_close(best, torch.special.entr(target).sum(), rtol=1e-12, atol=0)
        for seed in range(5):
            shaken = target.clamp(min=1e-30).log() + numbers(1, 12, 12, seed=seed)
            assert heat_map_loss(shaken, joints) > best


class TestNetwork:
    def test_shapes_and_size(self, scenes):
        outputs = network()(scenes.images[:2])
        assert outputs.shape == (2, 11, 12, 12)
        assert sum(parameter.numel() for parameter in PoseNet().parameters()) <= 300_000

    def test_the_answer_depends_on_each_part_of_the_picture(self, scenes):
        model = network().eval()
        before = model(scenes.images[:1])
        for top in (0, 24):
            for left in (0, 24):
                changed = scenes.images[:1].clone()
                changed[:, :, top : top + 24, left : left + 24] = 0.9
                assert not torch.allclose(model(changed), before, atol=1e-4)

    def test_a_scene_is_read_by_itself(self, scenes):
        model = network().eval()
        together = model(scenes.images[:4])
        torch.testing.assert_close(model(scenes.images[2:3]), together[2:3], atol=1e-3, rtol=1e-4)

    def test_the_gradient_reaches_every_parameter(self, scenes):
        model = network()
        outputs = model(scenes.images[:8])
        (
            outputs * torch.randn(outputs.shape, generator=torch.Generator().manual_seed(0))
        ).sum().backward()
        for name, parameter in model.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.abs().max() > 0, name

    def test_refuses_pictures_of_another_size(self, refuses):
        with refuses("images must be (..., 3, 48, 48), got (1, 3, 32, 32)"):
            network()(torch.zeros(1, 3, 32, 32))

    def test_refuses_nan(self, refuses):
        with refuses("images must be finite, got 6912 NaN or infinite values"):
            network()(torch.full((1, 3, 48, 48), torch.nan))


def test_a_corner_of_the_heat_maps_sees_the_opposite_corner_of_the_picture(scenes):
    model = network().eval()
    images = scenes.images[:1].clone().requires_grad_()
    (gradient,) = torch.autograd.grad(model(images)[0, :, 0, 0].sum(), images)
    assert gradient[:, :, -4:, -4:].abs().max() > 0


class TestTrain:
    def test_the_loss_falls(self, scenes):
        steps = train(network(), scenes.images, scenes.joints, epochs=8, batch_size=16)
        losses = [step.loss for step in steps]
        assert len(losses) == 32
        assert np.mean(losses[-4:]) < 0.85 * np.mean(losses[:4])

    def test_one_seed_gives_one_network_and_another_seed_another(self, scenes):
        def losses(seed):
            steps = train(network(), scenes.images, scenes.joints, epochs=1, seed=seed)
            return [step.loss for step in steps]

        assert losses(0) == losses(0)
        assert losses(0) != losses(1)

    def test_only_counted_joints_are_trained_on(self, scenes):
        def first_loss(joints, counted):
            (step,) = train(
                network(), scenes.images, joints, counted=counted, epochs=1, batch_size=64
            )
            return step.loss

        moved = torch.where(scenes.visible[:, :, None], scenes.joints, 24.0)
        assert first_loss(scenes.joints, None) != first_loss(moved, None)
        assert first_loss(scenes.joints, scenes.visible) == first_loss(moved, scenes.visible)

    def test_predict_leaves_the_model_in_its_mode_and_needs_no_batch(self, scenes):
        model = network()
        before = {name: value.clone() for name, value in model.state_dict().items()}
        places = predict(model, scenes.images)
        assert model.training
        assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
        torch.testing.assert_close(predict(model, scenes.images[:1]), places[:1], atol=1e-3, rtol=0)
        with torch.no_grad():
            expected = locate(model.eval()(scenes.images))
        torch.testing.assert_close(places, expected)
        assert not predict(model, scenes.images).requires_grad
        assert not model.training

    def test_trained_is_the_default_training(self):
        scenes = draw(64, seed=1002)
        torch.manual_seed(2)
        model = PoseNet()
        list(train(model, scenes.images, scenes.joints, seed=2))
        ours = trained(num_scenes=64, seed=2)
        assert not ours.training
        for name, value in model.state_dict().items():
            assert torch.equal(ours.state_dict()[name], value)


def literal_pckh(predictions, joints, counted, fraction):
    hits, total = 0, 0
    for guess, truth, who in zip(
        predictions.tolist(), joints.tolist(), counted.tolist(), strict=True
    ):
        reach = fraction * math.dist(truth[0], truth[1])
        for k in range(len(JOINTS)):
            if who[k]:
                total += 1
                hits += math.dist(guess[k], truth[k]) <= reach
    return hits / total if total else math.nan


class TestPckh:
    @few
    @given(
        seed=st.integers(0, 20),
        fraction=st.sampled_from([0.1, 0.5, 1.0]),
        part=st.sampled_from([0.0, 0.01, 0.5, 1.0]),
    )
    def test_equals_the_definition_as_loops(self, seed, fraction, part):
        predictions, joints = guesses(seed)
        counted = torch.rand(joints.shape[:2], generator=torch.Generator().manual_seed(seed)) < part
        ours = pckh(predictions, joints, counted, fraction=fraction)
        expected = torch.tensor(
            literal_pckh(predictions, joints, counted, fraction), dtype=torch.float64
        )
        torch.testing.assert_close(ours, expected, rtol=1e-12, atol=0, equal_nan=True)

    def test_without_a_mask_all_joints_count(self):
        predictions, joints = guesses()
        counted = torch.ones(joints.shape[:2], dtype=torch.bool)
        assert pckh(predictions, joints) == pckh(predictions, joints, counted)
        assert pckh(joints, joints) == 1

    def test_exactly_half_a_head_is_found_and_a_hair_more_is_not(self):
        joints = torch.zeros(1, 11, 2, dtype=torch.float64)
        joints[0, 0, 1] = -4.0  # the head, four pixels above the neck
        for distance, expected in ((2.0, 1.0), (2.000001, 10 / 11)):
            predictions = joints.clone()
            predictions[0, 5, 0] += distance
            assert pckh(predictions, joints).item() == pytest.approx(expected, abs=1e-12)

    @few
    @given(scale=st.sampled_from([0.5, 2.0, 64.0]), seed=st.integers(0, 9))
    def test_it_does_not_depend_on_the_size_of_the_picture(self, scale, seed):
        predictions, joints = guesses(seed)
        assert pckh(scale * predictions, scale * joints) == pckh(predictions, joints)

    def test_each_person_has_a_reach_of_its_own(self):
        joints = torch.zeros(2, 11, 2)
        joints[:, 0, 1] = torch.tensor([2.0, 8.0])
        person = torch.tensor([[True], [False]]).expand(2, 11)
        assert pckh(joints + 1.5, joints, person) == 0
        assert pckh(joints + 1.5, joints, ~person) == 1

    def test_no_counted_joint_is_nan(self):
        predictions, joints = guesses()
        assert pckh(predictions, joints, torch.zeros(30, 11, dtype=torch.bool)).isnan()


class TestSwapped:
    def test_the_names_of_the_pairs(self):
        names = [(JOINTS[left], JOINTS[right]) for left, right in PAIRS]
        limbs = ("elbow", "hand", "knee", "foot")
        assert names == [(f"left {limb}", f"right {limb}") for limb in limbs]

    @few
    @given(seed=st.integers(0, 20), scale=st.sampled_from([0.1, 5.0, 30.0]))
    def test_equals_the_definition_as_loops(self, seed, scale):
        predictions, joints = guesses(seed, scale)
        ours = swapped(predictions, joints)
        for n in range(len(joints)):
            truth, guess = joints[n].tolist(), predictions[n].tolist()
            for k, (left, right) in enumerate(PAIRS):
                if math.dist(truth[left], truth[right]) < math.dist(truth[0], truth[1]):
                    assert ours[n, k].isnan()
                else:
                    other = math.dist(guess[left], truth[right]) < math.dist(
                        guess[left], truth[left]
                    )
                    back = math.dist(guess[right], truth[left]) < math.dist(
                        guess[right], truth[right]
                    )
                    assert ours[n, k] == (other and back)

    def test_exchanged_limbs_are_swapped_and_doubled_ones_are_not(self):
        joints = draw(50, seed=4).joints
        left, right = (list(side) for side in zip(*PAIRS, strict=True))
        exchanged, doubled = joints.clone(), joints.clone()
        exchanged[:, left + right] = joints[:, right + left]
        doubled[:, right] = joints[:, left]
        assert swapped(exchanged, joints).nanmean() == 1
        assert swapped(doubled, joints).nanmean() == 0
        assert swapped(joints, joints).nanmean() == 0
        assert swapped(joints, joints).isnan().any()


class TestRefuses:
    def test_joints_outside_the_picture(self, refuses):
        with refuses("joints must lie in 0 to 48, got -3 to 1"):
            heat_maps(torch.tensor([[1.0, -3.0]]))
        with refuses("joints must lie in 0 to 48, got 1 to 48.5"):
            heat_map_loss(torch.zeros(1, 12, 12), torch.tensor([[1.0, 48.5]]))

    def test_joints_that_are_no_places(self, refuses):
        with refuses("joints must be (..., 2), got (3,)"):
            heat_maps(torch.zeros(3))
        with refuses("joints must be (..., 2), got list"):
            heat_maps([[1.0, 2.0]])  # pyright: ignore[reportArgumentType]
        with refuses("joints must be finite, got 1 NaN"):
            heat_maps(torch.tensor([1.0, torch.nan]))
        with refuses("joints must be floating point, got torch.int64"):
            heat_maps(torch.tensor([1, 2]))

    @pytest.mark.parametrize("function", [locate, expected_place])
    def test_logits_of_another_grid(self, function, refuses):
        with refuses("logits must be (..., 12, 12), got (1, 24, 24)"):
            function(torch.zeros(1, 24, 24))
        with refuses("logits must be (..., 12, 12), got list"):
            function([0.0])
        with refuses("logits must not be empty"):
            function(torch.zeros(0, 12, 12))
        with refuses("logits must be finite, got 144"):
            function(torch.full((12, 12), torch.inf))

    def test_logits_and_joints_that_differ_in_number(self, refuses):
        with refuses("targets must have the shape of logits, (2, 144), got (1, 144)"):
            heat_map_loss(torch.zeros(2, 12, 12), torch.ones(1, 2))
        with refuses("logits must not be empty"):
            heat_map_loss(torch.zeros(0, 12, 12), torch.ones(0, 2))

    @pytest.mark.parametrize("function", [pckh, swapped])
    def test_predictions_that_do_not_fit(self, function, refuses):
        joints = draw(2, seed=0).joints
        with refuses("joints must have the shape of predictions, (1, 11, 2), got (2, 11, 2)"):
            function(joints[:1], joints)
        with refuses("predictions must be finite, got 44 NaN"):
            function(joints * torch.nan, joints)
        with refuses("predictions must be (..., 11, 2), got (2, 10, 2)"):
            function(joints[:, :10], joints[:, :10])
        with refuses("predictions must have the axes (scene, joint, axis), got the shape (11, 2)"):
            function(joints[0], joints[0])
        with refuses("predictions must not be empty, got the shape (0, 11, 2)"):
            function(joints[:0], joints[:0])
        with refuses("head and neck must lie apart in every scene, got a distance of 0"):
            function(joints, torch.zeros_like(joints))

    @pytest.mark.parametrize("fraction", [0.0, -1.0, float("nan")])
    def test_a_fraction_that_is_not_positive(self, fraction, refuses):
        joints = draw(2, seed=0).joints
        with refuses(f"fraction must be positive, got {fraction}"):
            pckh(joints, joints, fraction=fraction)

    def test_a_mask_that_is_none(self, refuses):
        joints = draw(2, seed=0).joints
        with refuses("counted must have the shape of the joints, (2, 11), got (11,)"):
            pckh(joints, joints, torch.ones(11, dtype=torch.bool))
        with refuses("counted must be boolean, got torch.float32"):
            pckh(joints, joints, torch.ones(2, 11))

    @pytest.mark.parametrize(
        ("setting", "words"),
        [
            ({"epochs": 0}, "epochs and learning_rate must be positive, got 0 and 0.02"),
            ({"batch_size": 1}, "batch_size must be from 2 to 64, got 1"),
            ({"batch_size": 65}, "batch_size must be from 2 to 64, got 65"),
            ({"learning_rate": 0.0}, "epochs and learning_rate must be positive, got 3 and 0.0"),
            (
                {"learning_rate": math.nan},
                "epochs and learning_rate must be positive, got 3 and nan",
            ),
        ],
    )
    def test_settings_out_of_range(self, setting, words, scenes, refuses):
        with refuses(words):
            next(train(network(), scenes.images, scenes.joints, **setting))

    def test_training_data_that_do_not_fit(self, scenes, refuses):
        with refuses("joints must be of 64 scenes, as images are, got 63"):
            next(train(network(), scenes.images, scenes.joints[:63]))
        with refuses("images must be (..., 3, 48, 48), got (64, 3, 48, 40)"):
            next(train(network(), scenes.images[..., :40], scenes.joints))
        with refuses("joints must be (..., 11, 2), got (64, 3, 2)"):
            next(train(network(), scenes.images, scenes.joints[:, :3]))
        with refuses("counted must be boolean, got torch.float32"):
            next(train(network(), scenes.images, scenes.joints, counted=scenes.visible.float()))

    def test_a_batch_without_a_counted_joint(self, scenes, refuses):
        none = torch.zeros_like(scenes.visible)
        with refuses("logits must not be empty"):
            next(train(network(), scenes.images, scenes.joints, counted=none))
