"""Parity with scikit-learn and with literal loops, what the model depends on, what is refused."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from dlbasic.data.scenes import ACTIVITIES, SIZE, draw
from dlbasic.tasks.classification import (
    Classifier,
    accuracy,
    activity_loss,
    confusion_matrix,
    cover,
    one_hot,
    predict,
    train,
    trained,
)

SCENES = draw(48, seed=7)
IMAGES, ACTS = SCENES.images, SCENES.activities
labels = st.lists(st.integers(0, 4), min_size=1, max_size=60)


def classifier(seed=0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Classifier()


def randn(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


@given(activities=labels)
def test_one_hot_rows(activities):
    rows = one_hot(torch.tensor(activities))
    assert rows.shape == (len(activities), len(ACTIVITIES))
    assert (rows.sum(dim=1) == 1).all()
    assert rows.argmax(dim=1).tolist() == activities


class TestModel:
    def test_one_row_of_logits_a_picture_and_few_weights(self):
        model = classifier()
        assert model(IMAGES[:3]).shape == (3, len(ACTIVITIES))
        assert sum(weight.numel() for weight in model.parameters()) == 191_445

    def test_the_answer_depends_on_every_part_of_the_picture(self):
        model = classifier().eval()
        image = IMAGES[:1].clone().requires_grad_()
        (slopes,) = torch.autograd.grad(model(image)[0, 0], image)
        assert slopes[0].abs().amax(dim=0).min() > 0

    def test_pictures_do_not_mix_in_evaluation_mode(self):
        model = classifier().eval()
        torch.testing.assert_close(model(IMAGES[:5])[3:4], model(IMAGES[3:4]))
        assert not torch.allclose(model(IMAGES[:1]), model(IMAGES[1:2]))

    def test_the_last_step_is_an_average_over_all_places(self):
        model = classifier().eval()
        places = model.features(IMAGES[:2] - 0.5)
        assert places.shape == (2, 128, 3, 3)
        votes = torch.stack([model.head(place) for place in places.flatten(2).unbind(dim=2)])
        torch.testing.assert_close(votes.mean(dim=0), model(IMAGES[:2]), rtol=1e-4, atol=1e-5)

    def test_the_gradient_reaches_every_parameter(self):
        model = classifier()
        activity_loss(model(IMAGES), ACTS).backward()
        for name, weight in model.named_parameters():
            assert weight.grad is not None, name
            assert weight.grad.abs().sum() > 0, name


class TestLoss:
    @given(count=st.integers(1, 20), scale=st.sampled_from([1e-3, 1.0, 1e3]))
    def test_value_and_gradient_equal_torch(self, count, scale):
        logits = (scale * randn(count, 5)).requires_grad_()
        activities = torch.arange(count) % 5
        loss = activity_loss(logits, activities)
        expected = torch.nn.functional.cross_entropy(logits, activities)
        torch.testing.assert_close(loss, expected, rtol=1e-12, atol=1e-15)
        (gradient,) = torch.autograd.grad(loss, logits)
        (expected_gradient,) = torch.autograd.grad(expected, logits)
        torch.testing.assert_close(gradient, expected_gradient, rtol=1e-12, atol=1e-15)

    def test_gradcheck(self):
        logits = randn(4, 5).requires_grad_()
        assert torch.autograd.gradcheck(lambda z: activity_loss(z, ACTS[:4]), logits)


class TestTrain:
    def steps(self, *, seed=0, **setting):
        model = classifier()
        settings = {"epochs": 3, "batch_size": 16, "seed": seed} | setting
        return model, list(train(model, IMAGES, ACTS, **settings))

    def test_the_loss_falls(self):
        _, steps = self.steps(epochs=10)
        assert [step.step for step in steps] == list(range(30))
        assert abs(steps[0].loss - math.log(5)) < 0.4
        assert np.mean([step.loss for step in steps[-6:]]) < 0.5 * steps[0].loss

    def test_the_seed_decides(self):
        (first, steps), (_, again), (_, other) = self.steps(), self.steps(), self.steps(seed=1)
        assert steps == again
        assert steps != other
        assert first.training

    @pytest.mark.parametrize("setting", [{"batch_size": 12}, {"learning_rate": 1e-5}])
    def test_the_settings_are_used(self, setting):
        _, plain = self.steps(epochs=2)
        _, changed = self.steps(epochs=2, **setting)
        assert plain[-1].loss != changed[-1].loss
        assert len(changed) == 2 * (48 // setting.get("batch_size", 16))

    def test_a_batch_that_is_not_full_is_left_out(self):
        _, steps = self.steps(epochs=1, batch_size=20)
        assert len(steps) == 2

    def test_trained_is_what_train_makes_and_leaves_the_random_state_alone(self):
        before = torch.get_rng_state()
        model = trained(num_scenes=64, seed=3)
        assert torch.equal(torch.get_rng_state(), before)
        assert not model.training
        scenes, expected = draw(64, seed=1003), classifier(3)
        list(train(expected, scenes.images, scenes.activities, seed=3))
        for ours, theirs in zip(model.parameters(), expected.parameters(), strict=True):
            assert torch.equal(ours, theirs)

    @pytest.mark.parametrize("setting", [{"epochs": 0}, {"batch_size": 0}, {"batch_size": 49}])
    def test_refuses_what_makes_no_step(self, setting, refuses):
        with refuses("epochs and batch_size must be positive and fill a batch, got "):
            self.steps(**setting)

    @pytest.mark.parametrize("rate", [0.0, -1.0, math.nan, math.inf])
    def test_refuses_a_rate_that_is_not_positive(self, rate, refuses):
        with refuses(f"learning_rate must be positive and finite, got {rate}"):
            self.steps(learning_rate=rate)

    def test_refuses_pictures_and_activities_that_do_not_pair_up(self, refuses):
        with refuses("activities must be 48, one a scene, got 47"):
            next(train(classifier(), IMAGES, ACTS[1:]))


class TestPredict:
    def test_probabilities_of_each_picture_whatever_the_batch(self):
        model, images = classifier(), IMAGES.repeat(3, 1, 1, 1)  # 144: more than one batch
        chances = predict(model, images)
        torch.testing.assert_close(chances.sum(dim=1), torch.ones(144))
        torch.testing.assert_close(chances[100:103], predict(model, images[100:103]))
        torch.testing.assert_close(chances[:2], model(images[:2]).softmax(dim=1))
        assert not chances.requires_grad
        assert not model.training

    def test_another_picture_another_answer(self):
        model = classifier()
        moved = IMAGES[:1].roll(10, dims=3)
        assert not torch.allclose(predict(model, IMAGES[:1]), predict(model, moved))


class TestMetrics:
    @given(pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1))
    def test_equal_to_scikit_learn(self, pairs):
        truths, answers = (torch.tensor(part) for part in zip(*pairs, strict=True))
        counts = confusion_matrix(truths, answers)
        expected = metrics.confusion_matrix(truths, answers, labels=range(5))
        assert counts.tolist() == expected.tolist()
        assert accuracy(counts) == pytest.approx(metrics.accuracy_score(truths, answers), rel=1e-12)

    def test_rows_are_truths(self):
        counts = confusion_matrix(torch.tensor([0, 0, 3]), torch.tensor([1, 1, 3]))
        assert counts.nonzero().tolist() == [[0, 1], [3, 3]]
        assert counts[0, 1] == 2
        assert accuracy(counts) == pytest.approx(1 / 3)

    def test_refuses_other_lengths(self, refuses):
        with refuses("answers must be 2, one a scene, got 1"):
            confusion_matrix(torch.tensor([0, 1]), torch.tensor([0]))

    @pytest.mark.parametrize(
        ("counts", "words"),
        [
            (torch.ones(5, 5), "an int64 table (truth, answer), got torch.float32 (5, 5)"),
            ([[1]], "an int64 table (truth, answer), got [[1]]"),
            (torch.ones(5, dtype=torch.int64), "an int64 table (truth, answer), got torch.int64"),
            (torch.ones(1, 2, dtype=torch.int64), "square, 0 or more and not all 0"),
            (torch.zeros(2, 2, dtype=torch.int64), "square, 0 or more and not all 0"),
            (torch.tensor([[2, 0], [0, -1]]), "square, 0 or more and not all 0"),
        ],
    )
    def test_accuracy_refuses_what_is_no_table(self, counts, words, refuses):
        with refuses(f"counts must be {words}"):
            accuracy(counts)


class TestCover:
    @given(x=st.floats(-5, 53), y=st.floats(-5, 53), side=st.integers(1, 60), shade=st.floats(0, 1))
    def test_equals_a_loop_over_the_pixels(self, x, y, side, shade):
        covered = cover(IMAGES[:1], torch.tensor([[x, y]]), side=side, shade=shade)
        expected = IMAGES[:1].clone().numpy()
        x, y = torch.tensor([x, y]).tolist()  # as float32
        for row in range(SIZE):
            for column in range(SIZE):
                if abs(column + 0.5 - x) < side / 2 and abs(row + 0.5 - y) < side / 2:
                    expected[:, :, row, column] = shade
        np.testing.assert_array_equal(covered.numpy(), expected)

    def test_each_picture_has_its_own_square_and_the_given_ones_stay(self):
        before = IMAGES[:2].clone()
        covered = cover(IMAGES[:2], torch.tensor([[8.0, 20.0], [40.0, 4.0]]), shade=0.25)
        assert torch.equal(IMAGES[:2], before)
        assert (covered[0, :, 16:24, 4:12] == 0.25).all()
        assert (covered[1, :, 0:8, 36:44] == 0.25).all()
        assert (covered != before).any(dim=1).sum(dim=(1, 2)).tolist() == [64, 64]

    @pytest.mark.parametrize("middles", [torch.zeros(1, 2), torch.zeros(2, 3)])
    def test_refuses_middles_that_do_not_pair_up(self, middles, refuses):
        with refuses(f"middles must be (2, 2), got {tuple(middles.shape)}"):
            cover(IMAGES[:2], middles)

    def test_refuses_middles_that_are_not_finite(self, refuses):
        with refuses("middles must be finite, got 1 NaN or infinite values"):
            cover(IMAGES[:1], torch.tensor([[0.0, math.nan]]))

    @pytest.mark.parametrize("setting", [{"side": 0}, {"shade": -0.1}, {"shade": math.nan}])
    def test_refuses_no_square_and_no_shade(self, setting, refuses):
        with refuses("side must be positive and shade in [0, 1], got "):
            cover(IMAGES[:1], torch.zeros(1, 2), **setting)


@pytest.mark.parametrize(
    "function",
    [
        lambda images: classifier()(images),
        lambda images: predict(classifier(), images),
        lambda images: next(train(classifier(), images, ACTS)),
        lambda images: cover(images, torch.zeros(1, 2)),
    ],
    ids=["model", "predict", "train", "cover"],
)
class TestRefusesImages:
    @pytest.mark.parametrize("shape", [(1, 3, 32, 32), (1, 1, 48, 48), (1, 48, 48, 3)])
    def test_of_another_size(self, function, shape, refuses):
        with refuses(f"images must be (scene, 3, 48, 48), got {shape}"):
            function(torch.zeros(shape))

    def test_one_picture_without_its_axis(self, function, refuses):
        with refuses("images must have the axes (scene, channel, height, width), got the shape"):
            function(IMAGES[0])

    def test_none(self, function, refuses):
        with refuses("images must not be empty"):
            function(IMAGES[:0])

    def test_of_whole_numbers(self, function, refuses):
        with refuses("images must be floating point, got torch.uint8"):
            function((255 * IMAGES[:1]).byte())

    @pytest.mark.parametrize("bad", [math.nan, math.inf])
    def test_that_are_not_finite(self, function, bad, refuses):
        images = IMAGES[:1].clone()
        images[0, 0, 0, 0] = bad
        with refuses("images must be finite, got 1 NaN or infinite values"):
            function(images)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("activities", one_hot),
        ("activities", lambda numbers: activity_loss(torch.zeros(1, 5), numbers)),
        ("activities", lambda numbers: next(train(classifier(), IMAGES, numbers))),
        ("activities", lambda numbers: confusion_matrix(numbers, ACTS[:1])),
        ("answers", lambda numbers: confusion_matrix(ACTS[:1], numbers)),
    ],
    ids=["one_hot", "loss", "train", "truths", "answers"],
)
class TestRefusesActivities:
    @pytest.mark.parametrize(
        ("numbers", "words"),
        [
            (torch.tensor([5]), "from 0 to 4, got 5 to 5"),
            (torch.tensor([-1]), "from 0 to 4, got -1 to -1"),
            (torch.tensor([0.0]), "a tensor of int64, got torch.float32"),
            ([0], "a tensor of int64, got list"),
            (torch.eye(5).long(), "(scene,) and not empty, got the shape (5, 5)"),
            (torch.zeros(0, dtype=torch.int64), "(scene,) and not empty, got the shape (0,)"),
        ],
    )
    def test_that_are_no_indices(self, name, function, numbers, words, refuses):
        with refuses(f"{name} must be {words}"):
            function(numbers)


class TestLossRefuses:
    def test_logits_that_do_not_pair_up(self, refuses):
        with refuses("targets must have the shape of logits, (3, 5), got (2, 5)"):
            activity_loss(torch.zeros(3, 5), ACTS[:2])

    def test_logits_that_are_not_finite(self, refuses):
        with refuses("logits must be finite, got 1 NaN or infinite values"):
            activity_loss(torch.tensor([[0.0, 0, 0, 0, math.nan]]), ACTS[:1])
