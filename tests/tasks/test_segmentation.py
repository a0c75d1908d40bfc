"""Losses and metrics beside torch and scikit-learn, the network's inputs, and what is refused."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics
from torch.nn import functional

from dlbasic.data.scenes import draw
from dlbasic.tasks.segmentation import (
    CLASSES,
    Encoder,
    UNet,
    class_shares,
    confusion,
    intersection_over_union,
    mean_iou,
    pixel_cross_entropy,
    predict,
    soft_dice,
    train,
    trained,
)

shapes = st.tuples(*(st.integers(1, 6) for _ in range(4)))  # batch, class, height, width
scales = st.sampled_from([1e-3, 1.0, 1e3])


def pair(shape, scale=1.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    logits = scale * torch.randn(shape, generator=generator, dtype=torch.float64)
    batch, classes, height, width = shape
    return logits, torch.randint(classes, (batch, height, width), generator=generator)


def slow_soft_dice(logits, labels, smooth):
    """Return the definition, one class and one pixel at a time."""
    probabilities = logits.softmax(dim=1)
    overlaps = []
    for k in range(logits.shape[1]):
        shared, size = torch.zeros(2, dtype=torch.float64)
        for picture, rows in enumerate(labels):
            for i, row in enumerate(rows):
                for j, label in enumerate(row):
                    p, y = probabilities[picture, k, i, j], float(label == k)
                    shared, size = shared + p * y, size + p + y
        overlaps.append((2 * shared + smooth) / (size + smooth))
    return 1 - torch.stack(overlaps).mean()


@pytest.fixture(scope="module")
def scenes():
    return draw(48, seed=7)


def fresh(*, skips=True):
    torch.manual_seed(0)
    return UNet(skips=skips)


class TestLosses:
    @given(shape=shapes, scale=scales, seed=st.integers(0, 99))
    def test_cross_entropy_and_its_gradient_equal_torch(self, shape, scale, seed):
        logits, labels = pair(shape, scale, seed)
        logits.requires_grad_()
        value, expected = (
            pixel_cross_entropy(logits, labels),
            functional.cross_entropy(logits, labels),
        )
        torch.testing.assert_close(value, expected, rtol=1e-12, atol=1e-12)
        (gradient,) = torch.autograd.grad(value, logits)
        (expected_gradient,) = torch.autograd.grad(expected, logits)
        torch.testing.assert_close(gradient, expected_gradient, rtol=1e-12, atol=1e-14)

    @pytest.mark.parametrize("smooth", [1e-3, 1.0, 10.0])
    @pytest.mark.parametrize("shape", [(2, 3, 2, 3), (1, 1, 1, 1), (1, 5, 3, 2)])
    def test_dice_and_its_gradient_equal_the_slow_definition(self, shape, smooth):
        logits, labels = pair(shape)
        logits.requires_grad_()
        value = soft_dice(logits, labels, smooth=smooth)
        expected = slow_soft_dice(logits, labels, smooth)
        torch.testing.assert_close(value, expected, rtol=1e-12, atol=1e-12)
        (gradient,) = torch.autograd.grad(value, logits)
        (expected_gradient,) = torch.autograd.grad(expected, logits)
        torch.testing.assert_close(gradient, expected_gradient, rtol=1e-12, atol=1e-14)

    @pytest.mark.parametrize("loss", [pixel_cross_entropy, soft_dice])
    def test_gradcheck(self, loss):
        logits, labels = pair((2, 3, 2, 2))
        assert torch.autograd.gradcheck(loss, (logits.requires_grad_(), labels))

    @given(shape=shapes, scale=scales, seed=st.integers(0, 99))
    def test_dice_is_a_part_of_one(self, shape, scale, seed):
        assert -1e-12 <= soft_dice(*pair(shape, scale, seed)) <= 1

    def test_of_certain_answers_dice_is_the_hard_score(self):
        _, labels = pair((2, 4, 9, 9))
        _, guess = pair((2, 4, 9, 9), seed=1)
        logits = 1e3 * functional.one_hot(guess, 4).movedim(-1, 1).double()
        expected = metrics.f1_score(labels.flatten(), guess.flatten(), average="macro")
        assert soft_dice(logits, labels, smooth=1e-9).item() == pytest.approx(
            1 - expected, abs=1e-9
        )

    def test_dice_of_a_class_that_is_nowhere_is_full_overlap(self):
        labels = torch.zeros(1, 4, 4, dtype=torch.long)
        logits = torch.zeros(1, 3, 4, 4, dtype=torch.float64)
        logits[:, 0] = 1e3
        assert soft_dice(logits, labels) == 0

    @pytest.mark.parametrize("loss", [pixel_cross_entropy, soft_dice])
    def test_byte_labels_are_the_same_labels(self, loss):
        logits, labels = pair((2, 5, 4, 4))
        assert torch.equal(loss(logits, labels), loss(logits, labels.byte()))

    @pytest.mark.parametrize("loss", [pixel_cross_entropy, soft_dice])
    def test_the_loss_depends_on_every_pixel_and_its_label(self, loss):
        logits, labels = pair((2, 3, 4, 4))
        other = labels.clone()
        other[1, 2, 3] = (other[1, 2, 3] + 1) % 3
        assert loss(logits, labels) != loss(logits, other)
        (gradient,) = torch.autograd.grad(loss(logits.requires_grad_(), labels), logits)
        assert (gradient != 0).all()


class TestMetrics:
    @pytest.mark.parametrize("classes", [2, 3, 5])
    def test_the_table_and_the_overlaps_equal_scikit_learn(self, classes):
        generator = torch.Generator().manual_seed(classes)
        labels, guess = torch.randint(classes, (2, 3, 7, 5), generator=generator)
        counts = confusion(labels, guess, num_classes=classes)
        flat = labels.flatten(), guess.flatten()
        assert counts.tolist() == metrics.confusion_matrix(*flat).tolist()
        reference = [metrics.jaccard_score(flat[0] == k, flat[1] == k) for k in range(classes)]
        expected = torch.tensor(reference, dtype=torch.float64)
        torch.testing.assert_close(intersection_over_union(counts), expected, rtol=0, atol=1e-12)
        macro = metrics.jaccard_score(*flat, average="macro")
        assert mean_iou(counts) == pytest.approx(macro, abs=1e-12)

    @given(
        shape=st.tuples(*(st.integers(1, 5) for _ in range(3))),
        classes=st.integers(1, 6),
        seed=st.integers(0, 99),
    )
    def test_an_overlap_is_two_sets_of_pixels(self, shape, classes, seed):
        generator = torch.Generator().manual_seed(seed)
        labels, guess = torch.randint(classes, (2, *shape), generator=generator)
        overlaps = intersection_over_union(confusion(labels, guess, num_classes=classes))
        for k, overlap in enumerate(overlaps.tolist()):
            truth, found = (set(map(tuple, (x == k).nonzero().tolist())) for x in (labels, guess))
            expected = len(truth & found) / len(truth | found) if truth | found else math.nan
            assert overlap == pytest.approx(expected, abs=1e-12, nan_ok=True)

    def test_a_class_that_is_nowhere_is_left_out_of_the_mean(self):
        counts = torch.tensor([[6, 2, 0], [0, 4, 0], [0, 0, 0]])
        assert intersection_over_union(counts).tolist()[:2] == [6 / 8, 4 / 6]
        assert intersection_over_union(counts)[2].isnan()
        assert mean_iou(counts) == pytest.approx((6 / 8 + 4 / 6) / 2)

    def test_tables_of_batches_add_up(self, scenes):
        guess = scenes.labels.roll(1, dims=2)
        parts = [
            confusion(a, b) for a, b in zip(scenes.labels.split(10), guess.split(10), strict=True)
        ]
        assert torch.equal(torch.stack(parts).sum(dim=0), confusion(scenes.labels, guess))

    def test_bytes_do_not_overflow(self):
        labels = torch.full((1, 1, 1), 99, dtype=torch.uint8)
        assert confusion(labels, labels, num_classes=100)[99, 99] == 1

    def test_shares_count_the_pixels(self, scenes):
        expected = [(scenes.labels == k).double().mean().item() for k in range(len(CLASSES))]
        assert class_shares(scenes.labels).tolist() == pytest.approx(expected, rel=1e-6)

    def test_rows_are_the_truth(self):
        truth, guess = torch.tensor([[[0, 1]]]), torch.tensor([[[0, 0]]])
        assert confusion(truth, guess, num_classes=2).tolist() == [[1, 0], [1, 0]]


class TestNetwork:
    @pytest.mark.parametrize(("height", "width"), [(8, 8), (48, 48), (16, 40)])
    def test_shapes(self, height, width):
        images = torch.rand(2, 3, height, width)
        fine, middle, coarse = Encoder()(images)
        assert fine.shape == (2, 16, height // 2, width // 2)
        assert middle.shape == (2, 32, height // 4, width // 4)
        assert coarse.shape == (2, 64, height // 8, width // 8)
        assert UNet()(images).shape == (2, len(CLASSES), height, width)

    def test_is_small_enough(self):
        assert sum(weights.numel() for weights in UNet().parameters()) <= 300_000

    @pytest.mark.parametrize("skips", [True, False])
    def test_the_answer_depends_on_the_picture_and_on_this_picture_only(self, scenes, skips):
        model = fresh(skips=skips)
        for _ in train(model, scenes.images, scenes.labels, epochs=1):
            pass  # batch norm knows nothing of pictures before it has seen some
        model.eval()
        images = scenes.images[:2].clone()
        before = model(images)
        images[1] = scenes.images[2]
        after = model(images)
        assert torch.equal(before[0], after[0])
        assert (before[1] - after[1]).abs().max() > 1e-4

    @pytest.mark.parametrize("skips", [True, False])
    def test_each_logit_answers_the_pixel_at_its_place(self, skips):
        model = fresh(skips=skips).double().eval()
        images = torch.rand(1, 3, 96, 96, dtype=torch.float64, requires_grad=True)
        (gradient,) = torch.autograd.grad(model(images)[0, :, 40, 56].square().sum(), images)
        weights = gradient[0].abs().sum(dim=0)
        rows, columns = torch.meshgrid(torch.arange(96), torch.arange(96), indexing="ij")
        assert (weights * rows).sum() / weights.sum() == pytest.approx(40, abs=4)
        assert (weights * columns).sum() / weights.sum() == pytest.approx(56, abs=4)

    @pytest.mark.parametrize("grid", ["middle", "fine"])
    @pytest.mark.parametrize("skips", [True, False])
    def test_skips_are_the_way_around_the_coarser_grids(self, scenes, grid, skips):
        model = fresh(skips=skips)
        for weights in model.get_submodule(f"to_{grid}").parameters():
            weights.data.zero_()  # nothing comes up from below
        features = next(model.encoder.get_submodule(grid).parameters())
        logits = model(scenes.images[:4])
        (gradient,) = torch.autograd.grad(logits.square().sum(), features)
        assert bool((gradient != 0).any()) == skips

    @pytest.mark.parametrize("skips", [True, False])
    @pytest.mark.parametrize("loss", [pixel_cross_entropy, soft_dice])
    def test_a_gradient_reaches_every_parameter(self, scenes, skips, loss):
        model = fresh(skips=skips)
        loss(model(scenes.images[:8]), scenes.labels[:8]).backward()
        for name, weights in model.named_parameters():
            assert weights.grad is not None, name
            if not name.endswith("to_middle.bias"):
                assert weights.grad.abs().max() > 0, name

    def test_predictions_do_not_depend_on_the_company(self, scenes):
        model = fresh().train()
        together = predict(model, scenes.images[:4])
        alone = torch.cat([predict(model, image[None]) for image in scenes.images[:4]])
        assert not model.training
        assert together.shape == scenes.labels[:4].shape
        assert (together == alone).float().mean() > 0.999  # ties at the last digit

    def test_predictions_are_the_largest_logits(self, scenes):
        model = fresh()
        predictions = predict(model, scenes.images)
        assert torch.equal(predictions, model(scenes.images).argmax(dim=1))
        assert predictions.unique().numel() > 1


class TestTrain:
    @pytest.mark.parametrize(("loss", "part"), [(pixel_cross_entropy, 0.7), (soft_dice, 0.9)])
    def test_the_loss_falls(self, scenes, loss, part):
        steps = list(train(fresh(), scenes.images, scenes.labels, loss=loss, batch_size=8))
        assert [step.step for step in steps] == list(range(18))
        assert sum(step.loss for step in steps[-3:]) < part * sum(step.loss for step in steps[:3])

    def test_one_seed_is_one_run(self, scenes):
        runs = []
        for seed in (3, 3, 4):
            model = fresh()
            steps = list(train(model, scenes.images, scenes.labels, epochs=1, seed=seed))
            runs.append((steps, model.head.weight))
        assert runs[0][0] == runs[1][0] != runs[2][0]
        assert torch.equal(runs[0][1], runs[1][1])
        assert not torch.equal(runs[0][1], runs[2][1])

    def test_every_epoch_takes_each_picture_once(self, scenes):
        seen = []

        def spy(logits, labels):
            seen.append(labels)
            return pixel_cross_entropy(logits, labels)

        marks = torch.arange(48)[:, None, None] % 5 + torch.zeros(1, 48, 48, dtype=torch.long)
        list(train(fresh(), scenes.images, marks, loss=spy, epochs=2, batch_size=12))
        first, second = torch.cat(seen[:4])[:, 0, 0], torch.cat(seen[4:])[:, 0, 0]
        assert first.tolist() != second.tolist()
        assert sorted(first.tolist()) == sorted(second.tolist()) == sorted(marks[:, 0, 0].tolist())

    @pytest.mark.parametrize("count", [1, 2, 3, 5])
    def test_a_schedule_of_few_steps(self, scenes, count):
        images, labels = scenes.images[: 4 * count], scenes.labels[: 4 * count]
        steps = list(train(fresh(), images, labels, epochs=1, batch_size=4))
        assert len(steps) == count
        assert all(math.isfinite(step.loss) for step in steps)

    def test_trained_is_repeatable_and_leaves_the_global_generator_alone(self):
        torch.manual_seed(5)
        expected = torch.rand(1)
        torch.manual_seed(5)
        first, second, other = (
            trained(num_scenes=32),
            trained(num_scenes=32),
            trained(num_scenes=32, seed=1),
        )
        assert torch.rand(1) == expected
        assert not first.training
        assert torch.equal(first.head.weight, second.head.weight)
        assert not torch.equal(first.head.weight, other.head.weight)


@pytest.mark.parametrize("loss", [pixel_cross_entropy, soft_dice])
class TestLossesRefuse:
    def test_labels_of_other_places(self, loss, refuses):
        with refuses(
            "labels must have the shape of the logits of a class, (1, 4, 4), got (1, 4, 5)"
        ):
            loss(torch.zeros(1, 5, 4, 4), torch.zeros(1, 4, 5, dtype=torch.long))

    def test_a_label_that_is_no_class(self, loss, refuses):
        with refuses("labels must be from 0 to 4, got 0 to 5"):
            loss(torch.zeros(1, 5, 1, 2), torch.tensor([[[0, 5]]]))

    def test_a_negative_label(self, loss, refuses):
        with refuses("labels must be from 0 to 4, got -1 to 0"):
            loss(torch.zeros(1, 5, 1, 2), torch.tensor([[[0, -1]]]))

    def test_labels_that_are_no_integers(self, loss, refuses):
        with refuses("labels must be a tensor of integers, got torch.float32"):
            loss(torch.zeros(1, 5, 1, 2), torch.zeros(1, 1, 2))

    def test_lists(self, loss, refuses):
        with refuses("labels must be a tensor of integers, got list"):
            loss(torch.zeros(1, 5, 1, 2), [[[0, 1]]])

    def test_logits_of_whole_pictures(self, loss, refuses):
        with refuses(
            "logits must have the axes (batch, class, height, width), got the shape (2, 5)"
        ):
            loss(torch.zeros(2, 5), torch.zeros(2, 1, 1, dtype=torch.long))

    def test_empty(self, loss, refuses):
        with refuses("logits must not be empty"):
            loss(torch.zeros(0, 5, 4, 4), torch.zeros(0, 4, 4, dtype=torch.long))

    def test_nan(self, loss, refuses):
        with refuses("logits must be finite, got 1 NaN or infinite values"):
            loss(
                torch.tensor([0.0, float("nan")]).view(1, 2, 1, 1),
                torch.zeros(1, 1, 1, dtype=torch.long),
            )


@pytest.mark.parametrize("smooth", [0.0, -1.0, float("nan"), float("inf")])
def test_dice_refuses_a_smooth_that_is_not_positive(smooth, refuses):
    with refuses(f"smooth must be positive and finite, got {smooth}"):
        soft_dice(*pair((1, 2, 2, 2)), smooth=smooth)


class TestMetricsRefuse:
    def test_shapes_that_differ(self, refuses):
        with refuses("predictions must have the shape of labels, (1, 4, 4), got (4, 4)"):
            confusion(torch.zeros(1, 4, 4, dtype=torch.long), torch.zeros(4, 4, dtype=torch.long))

    def test_a_prediction_that_is_no_class(self, refuses):
        labels = torch.zeros(1, 1, 2, dtype=torch.long)
        with refuses("predictions must be from 0 to 4, got 0 to 7"):
            confusion(labels, torch.tensor([[[0, 7]]]))

    def test_empty(self, refuses):
        with refuses("labels must be (batch, height, width) and not empty, got (0, 4, 4)"):
            class_shares(torch.zeros(0, 4, 4, dtype=torch.long))

    def test_one_label_a_picture(self, refuses):
        with refuses("labels must be (batch, height, width) and not empty, got (3,)"):
            class_shares(torch.zeros(3, dtype=torch.long))

    @pytest.mark.parametrize("function", [intersection_over_union, mean_iou])
    @pytest.mark.parametrize(
        ("counts", "words"),
        [
            (torch.zeros(2, 2, dtype=torch.long), "counts must be square, 0 or more and not all 0"),
            (torch.ones(2, 3, dtype=torch.long), "counts must be square, 0 or more and not all 0"),
            (-torch.eye(2).long(), "counts must be square, 0 or more and not all 0"),
            (
                torch.ones(2, 2),
                "counts must be an int64 table (truth, prediction), got torch.float32",
            ),
            (
                torch.ones(2).long(),
                "counts must be an int64 table (truth, prediction), got torch.int64",
            ),
            ([[1]], "counts must be an int64 table (truth, prediction), got [[1]]"),
        ],
    )
    def test_what_is_no_table(self, function, counts, words, refuses):
        with refuses(words):
            function(counts)


@pytest.mark.parametrize(
    "call", [lambda x: Encoder()(x), lambda x: UNet()(x), lambda x: predict(UNet(), x)]
)
class TestNetworkRefuses:
    @pytest.mark.parametrize("shape", [(1, 3, 47, 48), (1, 3, 48, 20), (1, 1, 48, 48)])
    def test_another_size(self, call, shape, refuses):
        words = f"images must have 3 channels and sides that are multiples of 8, got {shape}"
        with refuses(words):
            call(torch.zeros(shape))

    def test_a_single_picture(self, call, refuses):
        with refuses("images must have the axes (batch, channel, height, width), got the shape"):
            call(torch.zeros(3, 48, 48))

    def test_no_picture(self, call, refuses):
        with refuses("images must not be empty"):
            call(torch.zeros(0, 3, 48, 48))

    def test_nan(self, call, refuses):
        with refuses("images must be finite, got 1 NaN or infinite values"):
            call(
                torch.zeros(1, 3, 8, 8)
                .index_fill(3, torch.tensor(3), 0)
                .masked_fill(torch.arange(192).view(1, 3, 8, 8) == 7, float("nan"))
            )

    def test_bytes(self, call, refuses):
        with refuses("images must be floating point, got torch.uint8"):
            call(torch.zeros(1, 3, 8, 8, dtype=torch.uint8))


class TestTrainRefuses:
    @pytest.mark.parametrize(
        ("given_settings", "words"),
        [
            (
                {"epochs": 0},
                "epochs and full batches must be 1 or more, got 0 and 3",
            ),
            ({"batch_size": 0}, "epochs and full batches must be 1 or more, got 3 and 0"),
            ({"batch_size": 49}, "epochs and full batches must be 1 or more, got 3 and 0"),
            ({"learning_rate": 0.0}, "learning_rate must be positive and finite, got 0.0"),
            ({"learning_rate": float("nan")}, "learning_rate must be positive and finite, got nan"),
        ],
    )
    def test_settings(self, scenes, given_settings, words, refuses):
        with refuses(words):
            next(train(UNet(), scenes.images, scenes.labels, **given_settings))

    def test_labels_of_fewer_pictures(self, scenes, refuses):
        with refuses(
            "labels must have the shape of a channel of the images, (48, 48, 48), got (47"
        ):
            next(train(UNet(), scenes.images, scenes.labels[1:]))

    def test_no_scenes(self, refuses):
        with refuses("num_scenes must be a positive integer, got 0"):
            trained(num_scenes=0)
