"""Parity of model and loss with torch, what each piece of knowledge does, and what is refused."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from dlbasic.data.digits import load_digits
from dlbasic.data.handwriting import distance, fit, hold, pen, scan, write
from dlbasic.history.data_sampling import (
    PIECES,
    deal,
    exam,
    few,
    readers,
    render,
    sample,
    surprise,
    train,
)

DIGITS = torch.arange(10).repeat(30)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


class TestSample:
    def test_is_drawn_from_its_seed_alone(self):
        torch.manual_seed(0)
        first = sample(DIGITS, seed=3)
        torch.manual_seed(1)
        assert torch.equal(first, sample(DIGITS, seed=3))
        assert not torch.equal(first, sample(DIGITS, seed=4))
        assert first.shape == (300, 8, 8)
        assert first.min() >= 0
        assert first.max() <= 1

    def test_no_two_images_are_the_same(self):
        assert len(sample(DIGITS, seed=0).flatten(1).unique(dim=0)) == 300

    def test_the_digits_decide_what_is_written(self):
        """The mean image of a digit is nearest to that of the same digit in another sample."""
        means = [
            torch.stack([sample(DIGITS, seed=seed)[digit == DIGITS].mean(0) for digit in range(10)])
            for seed in (0, 1)
        ]
        nearest = torch.cdist(means[0].flatten(1), means[1].flatten(1)).argmin(dim=1)
        assert torch.equal(nearest, torch.arange(10))

    @pytest.mark.parametrize("piece", PIECES)
    def test_each_piece_changes_the_images_by_itself(self, piece):
        everything, bare = sample(DIGITS, seed=0), sample(DIGITS, without=PIECES, seed=0)
        without = sample(DIGITS, without={piece}, seed=0)
        alone = sample(DIGITS, without=set(PIECES) - {piece}, seed=0)
        assert (without - everything).abs().mean() > 0.01
        assert (alone - bare).abs().mean() > 0.01

    def test_without_all_that_varies_a_digit_looks_always_the_same(self):
        images = sample(DIGITS, without=PIECES, seed=0)
        assert len(images.flatten(1).unique(dim=0)) == 10
        assert set(images.unique().tolist()) == {0.0, 1.0}

    def test_without_size_a_digit_is_where_and_as_large_as_it_was_written(self):
        images = sample(DIGITS, without=set(PIECES) - {"grey"}, seed=0)
        assert (images[:, 0] == 0).all()  # a margin that the scanner would have cut off
        assert (images[:, -1] == 0).all()
        assert sample(DIGITS, seed=0)[:, 0].mean() > 0.1

    def test_with_ink_every_digit_has_about_as_much(self):
        with_ink, without = sample(DIGITS, seed=0), sample(DIGITS, without={"ink"}, seed=0)
        means = [
            torch.stack([images[digit == DIGITS].mean() for digit in range(10)])
            for images in (with_ink, without)
        ]
        assert means[0].mean().item() == pytest.approx(0.31, abs=0.01)
        assert means[0].std() < 0.6 * means[1].std()


class TestRender:
    def test_is_its_steps_one_after_the_other(self):
        strokes = write(DIGITS, generator=rng())
        got = render(strokes, without={"wobble"}, generator=rng(5))
        generator = rng(5)
        distances = distance(fit(hold(strokes, generator=generator), generator=generator))
        share = (0.31 + 0.05 * torch.randn(300, generator=generator)).clamp(0.1, 0.6)
        assert torch.equal(got, scan(distances, pen(distances, share)))

    def test_refuses_what_it_does_not_know(self, refuses):
        strokes = write(DIGITS, generator=rng())
        words = "without must be made of shapes, wobble, posture, size, ink, grey, got {'serifs'}"
        with refuses(words):
            render(strokes, without={"serifs"}, generator=rng())
        with refuses(words):
            sample(DIGITS, without={"serifs"}, seed=0)
        with refuses("segments must have the axes (example, segment, end, axis)"):
            render(strokes[0], generator=rng())
        with refuses("digits must be from 0 to 9, got -1 to 3"):
            sample(torch.tensor([3, -1]), seed=0)


class TestReaders:
    def test_are_those_of_torch_each_by_itself(self):
        model: Any = readers(3).double()
        images = torch.rand(5, 3, 8, 8, generator=rng(), dtype=torch.float64, requires_grad=True)
        logits = model(images)
        assert logits.shape == (5, 3, 10)
        first, _, second, _, third = list(model)[:5]
        for k in range(3):
            x = images[:, k : k + 1]
            x = functional.conv2d(
                x, first.weight[16 * k :][:16], first.bias[16 * k :][:16], stride=2, padding=1
            )
            x = functional.conv2d(
                x.relu(), second.weight[48 * k :][:48], second.bias[48 * k :][:48]
            )
            weight = third.weight[10 * k :][:10].flatten(1)
            x = functional.linear(x.relu().flatten(1), weight, third.bias[10 * k :][:10])
            torch.testing.assert_close(logits[:, k], x, rtol=1e-12, atol=1e-12)
            (gradient,) = torch.autograd.grad(logits[:, k].sum(), images, retain_graph=True)
            (expected,) = torch.autograd.grad(x.sum(), images)
            torch.testing.assert_close(gradient, expected, rtol=1e-12, atol=1e-12)

    def test_have_as_many_weights_as_the_page_says(self):
        count = sum(weight.numel() for weight in readers(1).parameters())
        assert count == (16 * 16 + 16) + (48 * 16 * 9 + 48) + (10 * 48 * 4 + 10) == 9162

    def test_differ_from_each_other_and_by_seed_and_leave_the_global_generator_alone(self):
        torch.manual_seed(0)
        before = torch.get_rng_state()
        models: list[Any] = [readers(2, seed=seed) for seed in (0, 0, 1)]
        first, again, other = (model[0].weight for model in models)
        assert torch.equal(torch.get_rng_state(), before)
        assert torch.equal(first, again)
        assert not torch.equal(first, other)
        assert not torch.equal(first[:16], first[16:])

    def test_refuse_to_be_none(self, refuses):
        with refuses("number must be 1 or more, got 0"):
            readers(0)


class TestSurprise:
    @given(seed=st.integers(0, 1000), scale=st.sampled_from([1e-3, 1.0, 1e2]))
    def test_is_the_cross_entropy_of_each_reader(self, seed, scale):
        logits = scale * torch.randn(4, 3, 10, generator=rng(seed), dtype=torch.float64)
        logits.requires_grad_()
        digits = torch.randint(10, (4, 3), generator=rng(seed))
        losses = surprise(logits, digits)
        expected = torch.stack(
            [functional.cross_entropy(logits[:, k], digits[:, k]) for k in range(3)]
        )
        torch.testing.assert_close(losses, expected, rtol=1e-12, atol=1e-14)
        (gradient,) = torch.autograd.grad(losses.sum(), logits)
        (expected_gradient,) = torch.autograd.grad(expected.sum(), logits)
        torch.testing.assert_close(gradient, expected_gradient, rtol=1e-10, atol=1e-14)

    def test_refuses_what_does_not_fit(self, refuses):
        logits, digits = torch.zeros(4, 3, 10), torch.zeros(4, 3, dtype=torch.int64)
        with refuses("digits must have the shape of the logits of a class, (4, 3), got (4, 2)"):
            surprise(logits, digits[:, :2])
        with refuses("digits must be from 0 to 9, got 10 to 10"):
            surprise(logits, digits + 10)
        with refuses("logits must be finite"):
            surprise(logits * math.nan, digits)


class TestTrain:
    def lesson(self, readers_=2):
        images = sample(DIGITS, seed=0)[:, None].expand(-1, readers_, -1, -1)
        return images, DIGITS[:, None].expand(-1, readers_)

    def test_yields_every_step_and_learns(self):
        model = readers(2)
        steps = list(train(model, *self.lesson(), steps=60))
        assert [step.step for step in steps] == list(range(60))
        assert steps[0].losses.shape == (2,)
        assert steps[0].losses.tolist() == pytest.approx([math.log(10)] * 2, rel=0.05)
        assert (steps[-1].losses < 1.2).all()

    def test_the_rate_is_one_cycle(self):
        """Weights under an equal gradient move by Adam's step, which is the rate."""
        model = torch.nn.Linear(1, 1)  # stands in for the readers: its loss has a constant slope
        weight = model.weight

        class Constant(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.weight = weight

            def forward(self, images):
                logits = torch.zeros(len(images), 1, 10)
                logits[..., 0] = 1e-3 * self.weight
                return logits

        places = [weight.item()]
        images, digits = self.lesson(1)
        for _ in train(Constant(), images, 0 * digits, steps=40, learning_rate=0.1):
            places.append(weight.item())
        moves = torch.tensor(places[1:]).diff()  # a step is yielded before its update
        assert moves.argmax() in range(8, 16)
        assert moves.max().item() == pytest.approx(0.1, rel=0.2)
        assert moves[0] < 0.02
        assert moves[-1] < 0.01

    def test_a_reader_learns_the_same_in_any_company(self):
        images, digits = (part.clone() for part in self.lesson())
        models: list[Any] = [readers(2).double() for _ in range(2)]
        list(train(models[0], images.double(), digits, steps=10))
        images[:, 1] = images[:, 1].flip(0)
        list(train(models[1], images.double(), digits, steps=10))
        first, other = models[0][0].weight, models[1][0].weight
        torch.testing.assert_close(first[:16], other[:16], rtol=1e-9, atol=1e-9)
        assert not torch.allclose(first[16:], other[16:], rtol=0.01)

    def test_seed_and_batch_size_are_used(self):
        def weights(**setting):
            model: Any = readers(1)
            list(train(model, *self.lesson(1), steps=3, **setting))
            return model[0].weight

        assert torch.equal(weights(seed=1), weights(seed=1))
        assert not torch.equal(weights(seed=1), weights(seed=2))
        assert not torch.equal(weights(batch_size=2), weights(batch_size=64))

    def test_refuses_what_does_not_fit(self, refuses):
        images, digits = self.lesson()
        wrong: list[dict[str, Any]] = [{"steps": 0}, {"batch_size": 0}, {"learning_rate": 0.0}]
        for setting in wrong:
            with refuses("settings must be positive, got {'steps': "):
                next(train(readers(2), images, digits, **setting))
        with refuses("digits must have the shape of images of one pixel, (300, 2), got (299, 2)"):
            next(train(readers(2), images, digits[1:]))
        with refuses("images must be finite"):
            next(train(readers(2), images / 0, digits))


class TestDeal:
    def test_deals_out_each_digit_once(self):
        images, _ = load_digits()
        sets = deal(seed=4)
        assert [len(part[0]) for part in sets] == [1000, 200, 597]
        together = torch.cat([part[0] for part in sets]).flatten(1)
        assert torch.equal(together.unique(dim=0), images.flatten(1).unique(dim=0))
        counts = [
            torch.unique(x, dim=0, return_counts=True)[1] for x in (together, images.flatten(1))
        ]
        assert torch.equal(counts[0], counts[1])

    def test_what_was_looked_at_is_never_measured_with(self):
        images, digits = load_digits()
        for seed in range(3):
            seen = deal(seed=seed).validation
            assert torch.equal(seen[0], images[::9])
            assert torch.equal(seen[1], digits[::9])

    def test_the_seed_decides(self):
        first, again, other = (deal(seed=seed).test[0] for seed in (0, 0, 1))
        assert torch.equal(first, again)
        assert not torch.equal(first, other)

    def test_few_are_as_many_of_each(self):
        digits = torch.tensor([*range(10), 3, *range(10), 3])
        chosen = few(digits, 2)
        assert torch.equal(torch.bincount(digits[chosen]), torch.full((10,), 2))
        assert len(chosen.unique()) == 20
        assert 10 not in chosen[:10] or 3 in chosen  # the first ones

    def test_few_refuses_more_than_there_are(self, refuses):
        with refuses("per_class must be from 1 to 2, got 3"):
            few(torch.arange(10).repeat(2), 3)
        with refuses("per_class must be from 1 to "):
            few(torch.arange(10), 0)


class TestExam:
    def test_a_lesson_is_passed_by_its_own_reader(self):
        images = sample(DIGITS, seed=0)
        right, wrong = (images, DIGITS), (images, (DIGITS + 1) % 10)
        test = sample(DIGITS, seed=1), DIGITS
        accuracies = exam([right, wrong], [test, test], steps=80)
        assert accuracies[0] > 0.75
        assert accuracies[1] < 0.1

    def test_each_reader_has_a_test_of_its_own(self):
        lesson = sample(DIGITS, seed=0), DIGITS
        test = sample(DIGITS, seed=1), DIGITS
        accuracies = exam([lesson] * 2, [test, (test[0], (DIGITS + 1) % 10)], steps=80)
        assert accuracies[0] > 0.75
        assert accuracies[1] < 0.1

    def test_the_seed_decides(self):
        lesson = sample(DIGITS, seed=0), DIGITS
        test = sample(DIGITS, seed=1), DIGITS
        scores = [exam([lesson], [test], steps=20, seed=seed).item() for seed in (0, 0, 1)]
        assert scores[0] == scores[1] != scores[2]

    def test_refuses_lessons_that_nobody_is_tested_on(self, refuses):
        lesson = sample(DIGITS, seed=0), DIGITS
        with refuses("lessons must be 1, as many as tests, got 2"):
            exam([lesson] * 2, [lesson])
        with refuses("lessons must be 0, as many as tests, got 0"):
            exam([], [])
