"""What the rules see in drawn images, what is done to images, networks that stay apart."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from dlbasic.data.digits import load_digits
from dlbasic.foundations import hierarchy as h


def drawn(*rows):
    return torch.tensor([[[float(pixel) for pixel in row] for row in rows]])


RING = drawn("00000000", "00111100", "00100100", "00100100", "00100100", "00111100")
EIGHT = drawn("01110", "01010", "01110", "01010", "01110", "00000")
TWO = drawn("1111", "0001", "0001", "1111", "1000", "1000", "1111")


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def some(number=3, height=8, width=8, seed=0):
    return torch.rand(number, height, width, generator=generator(seed)) + 0.01


class TestDeal:
    def test_the_sets_share_no_image_and_hold_all(self):
        images, digits = load_digits()
        sets = h.deal(seed=3)
        assert [len(part) for part, _ in sets] == [1000, 377, 420]
        together = torch.cat([part for part, _ in sets]).flatten(1)
        rows = {tuple(row) for row in together.tolist()}
        assert rows == {tuple(row) for row in images.flatten(1).tolist()}
        labels = torch.cat([labels for _, labels in sets])
        assert torch.equal(labels.bincount(), digits.bincount())

    def test_what_was_looked_at_is_never_dealt_out(self):
        images, _ = load_digits()
        first, second = h.deal(seed=0), h.deal(seed=1)
        assert torch.equal(first.validation[0], second.validation[0])
        assert torch.equal(first.validation[0][:200], images[:200])
        assert torch.equal(first.validation[0][200:], images[207::9])
        assert not torch.equal(first.test[0], second.test[0])
        assert torch.equal(first.test[0], h.deal(seed=0).test[0])


class TestLook:
    def test_a_ring_is_an_eye_and_has_no_bay(self):
        seen = h.look(RING)
        eyes = [seen.eye_top.item(), seen.eye_low.item()]
        assert eyes == [4, 2]  # five rows: three above, two below
        assert [value.item() for value in seen[2:6]] == [0, 0, 0, 0]
        assert [value.item() for value in seen[6:9]] == [3, 2, 4]  # pixels of ink per row
        assert [value.item() for value in seen[9:]] == [4, 2, 4]

    def test_an_8_has_an_eye_above_and_one_below(self):
        seen = h.look(EIGHT)
        assert [seen.eye_top.item(), seen.eye_low.item()] == [1, 1]

    def test_a_2_is_open_to_the_left_above_and_to_the_right_below(self):
        seen = h.look(TWO)
        assert [value.item() for value in seen[:6]] == [0, 0, 6, 0, 0, 6]

    def test_holes_lie_in_eyes(self):
        image = (load_digits()[0] > 0.5).float()
        eye, _, _ = h.eyes_and_bays(image)
        for picture, found in zip(image.numpy(), eye.numpy(), strict=True):
            regions = np.zeros(picture.shape, dtype=int)
            ndimage.label(picture == 0, output=regions)
            edge = set(regions[[0, -1]].flatten()) | set(regions[:, [0, -1]].flatten())
            for region in set(regions.flatten()) - edge - {0}:
                assert (found[regions == region] == 1).all()

    @settings(max_examples=40)
    @given(seed=st.integers(0, 99), height=st.integers(1, 9), width=st.integers(1, 9))
    def test_a_mirror_swaps_left_and_right(self, seed, height, width):
        images = some(2, height, width, seed)
        eye, left, right = h.eyes_and_bays(images)
        mirrored = h.eyes_and_bays(images.flip(2))
        for there, here in zip(mirrored, (eye, right, left), strict=True):
            torch.testing.assert_close(there, here.flip(2))
        assert torch.stack([eye, left, right]).min() >= 0

    @given(seed=st.integers(0, 99), strength=st.sampled_from([1e-3, 0.5, 7.0]))
    def test_neither_strength_nor_place_nor_company_matters(self, seed, strength):
        images = some(4, 8, 6, seed)
        there = h.place(images, size=13, specks=0, generator=generator(seed))
        expected = h.features(images)
        torch.testing.assert_close(h.features(there), expected)
        torch.testing.assert_close(h.features(strength * images), expected)
        torch.testing.assert_close(h.features(images[2:3]), expected[2:3])

    def test_features_are_what_was_seen(self):
        images = some()
        assert torch.equal(h.features(images).T, torch.stack(list(h.look(images))))


class TestRules:
    def test_each_digit_has_five_signs(self):
        of_each = h.signs(h.look(some()))
        assert sorted(of_each) == list(range(10))
        for found in of_each.values():
            assert [sign.dtype for sign in found] == [torch.bool] * 5
            assert [sign.shape for sign in found] == [(3,)] * 5

    def test_the_most_signs_win_and_the_earlier_of_equals(self):
        images, _ = load_digits()
        of_each = h.signs(h.look(images))
        answer = h.read_by_rules(images).tolist()
        for k in range(0, len(images), 10):
            votes = {digit: sum(int(s[k]) for s in found) for digit, found in of_each.items()}
            assert answer[k] == max(votes, key=lambda digit: votes[digit])  # the first of equals

    def test_they_read_the_picture(self):
        assert h.read_by_rules(RING).tolist() == [0]
        images, digits = load_digits()
        answer = h.read_by_rules(images)
        assert torch.equal(answer, h.read_by_rules(images))
        assert (answer == digits).double().mean() > 0.75
        assert sorted(set(answer.tolist())) == list(range(10))


class TestChanges:
    @given(seed=st.integers(0, 99), height=st.integers(3, 9), width=st.integers(3, 9))
    def test_alter_does_each_once(self, seed, height, width):
        images = some(4, height, width, seed).clamp(max=1)
        altered = h.alter(images, seed=seed)
        as_is, moved, covered, noisy = altered.view(4, 4, height, width)
        assert torch.equal(as_is, images)
        assert torch.equal(moved[:, :, 1:], images[:, :, :-1])
        assert (moved[:, :, 0] == 0).all()  # nothing comes in again on the other side
        for paper in covered == 0:
            rows, columns = paper.nonzero().T
            assert len(rows) == 9
            assert rows.max() - rows.min() == columns.max() - columns.min() == 2
        assert torch.equal(covered[covered > 0], images[covered > 0])
        assert 0 <= noisy.min() <= noisy.max() <= 1
        assert (noisy != images).any()
        assert torch.equal(h.alter(images, seed=seed), altered)
        assert not torch.equal(h.alter(images, seed=seed + 1), altered)

    def test_the_noise_has_its_deviation_and_covers_fall_everywhere(self):
        images = torch.full((400, 8, 8), 0.5)
        _, _, covered, noisy = h.alter(images, seed=0).view(4, 400, 8, 8)
        inside = torch.erf(torch.tensor(0.5 / 0.3 / 2**0.5))  # this part is not cut to [0, 1]
        cut = ((noisy > 0) & (noisy < 1)).double().mean()
        assert abs(cut - inside) < 0.01
        assert abs(noisy.mean() - 0.5) < 0.01
        corners = {tuple(image.nonzero().amin(0).tolist()) for image in covered == 0}
        assert corners == {(row, column) for row in range(6) for column in range(6)}

    @given(size=st.integers(8, 14), seed=st.integers(0, 99))
    def test_a_placed_image_is_whole(self, size, seed):
        images = some(4)
        canvas = h.place(images, size=size, specks=0, generator=generator(seed))
        assert canvas.shape == (4, size, size)
        for there, image in zip(canvas, images, strict=True):
            row, column = there.nonzero().amin(0)
            assert torch.equal(there[row : row + 8, column : column + 8], image)
            assert (there > 0).sum() == 64

    def test_every_place_is_used_and_every_speck_falls(self):
        images = some(500, 2, 2) / 2
        canvas = h.place(images, size=4, specks=0, generator=generator())
        corners = {tuple(there.nonzero().amin(0).tolist()) for there in canvas}
        assert corners == {(row, column) for row in range(3) for column in range(3)}
        specks = (h.place(images, size=60, specks=3, generator=generator()) == 1).sum((1, 2))
        assert specks.max() == 3
        assert specks.double().mean() > 2.9
        assert torch.equal(canvas, h.place(images, size=4, specks=0, generator=generator()))


class TestNetwork:
    def test_shape_and_dependence(self):
        model = h.network(3)
        images = some(5).view(5, 1, 8, 8).repeat(1, 3, 1, 1).requires_grad_()
        logits = model(images)
        assert logits.shape == (5, 3, 10)
        (slope,) = torch.autograd.grad(logits[2, 1].square().sum(), images)
        reached = slope.abs().sum((2, 3)) > 0
        assert reached.nonzero().tolist() == [[2, 1]]  # its own image in its own channel only
        assert sum(weights.numel() for weights in model.parameters()) == 3 * 10_202

    def test_the_seed_decides_and_nothing_else_is_touched(self):
        state = torch.random.get_rng_state()
        first, again, other = (h.network(seed=seed).get_parameter("0.weight") for seed in (1, 1, 2))
        assert torch.equal(first, again)
        assert not torch.equal(first, other)
        assert torch.equal(state, torch.random.get_rng_state())

    def test_networks_side_by_side_learn_as_one_alone(self):
        x, y = (part[:64] for part in h.deal(seed=0).train)
        together, alone = h.network(2).double(), h.network(1).double()
        for name, weights in alone.named_parameters():
            half = together.get_parameter(name)
            weights.data.copy_(half[len(half) // 2 :].data)  # the second of the two
        pair = torch.stack([x.flip(0), x], dim=1).double(), torch.stack([y.flip(0), y], dim=1)
        list(h.train(together, *pair, steps=10))
        list(h.train(alone, pair[0][:, 1:], pair[1][:, 1:], steps=10))
        expected = alone(pair[0][:, 1:])[:, 0]
        torch.testing.assert_close(together(pair[0])[:, 1], expected, rtol=1e-6, atol=1e-6)

    def test_it_learns_what_it_is_shown(self):
        (x, y), _, (x_test, y_test) = h.deal(seed=0)
        steps = list(h.train(h.network(), x[:, None], y[:, None], steps=60))
        assert [step.step for step in steps] == list(range(60))
        assert steps[0].loss > 2
        assert steps[-1].loss < 0.7
        answer = h.learn_and_read(x[:, None], y[:, None], x_test[:, None], steps=60)
        assert (answer[:, 0] == y_test).double().mean() > 0.8
        wrong = h.learn_and_read(x[:, None], 9 - y[:, None], x_test[:, None], steps=60)
        assert (wrong[:, 0] == 9 - y_test).double().mean() > 0.8

    def test_a_step_moves_by_about_the_learning_rate(self):
        x, y = (part[:32] for part in h.deal(seed=0).train)
        model = h.network()
        before = [weights.clone() for weights in model.parameters()]
        list(h.train(model, x[:, None], y[:, None], steps=3, learning_rate=1e-4))
        moved = [(w - b).abs().max() for w, b in zip(model.parameters(), before, strict=True)]
        assert 1e-5 < max(moved) < 3e-4


def test_boxes_lie_one_inside_the_other():
    figure, axes = plt.subplots()
    h.draw_nested(axes, ["outer", "middle", "inner"])
    boxes = [patch.get_path().get_extents(patch.get_patch_transform()) for patch in axes.patches]
    for outer, inner in pairwise(boxes):
        assert outer.contains(inner.x0, inner.y0)
        assert outer.contains(inner.x1, inner.y1)
    heights = [text.get_position()[1] for text in axes.texts]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] > boxes[1].y1
    assert [text.get_text() for text in axes.texts] == ["outer", "middle", "inner"]
    plt.close(figure)


IMAGES = torch.ones(2, 8, 8)
TAKES_IMAGES = {
    "look": h.look,
    "features": h.features,
    "eyes_and_bays": h.eyes_and_bays,
    "read_by_rules": h.read_by_rules,
    "place": lambda images: h.place(images, size=9, specks=0, generator=generator()),
    "alter": lambda images: h.alter(images, seed=0),
}
READS = ["look", "features", "eyes_and_bays", "read_by_rules"]


class TestRefuses:
    @pytest.mark.parametrize("name", TAKES_IMAGES)
    def test_what_is_no_image(self, name, refuses):
        function = TAKES_IMAGES[name]
        with refuses("images must have the axes (example, height, width), got the shape (8, 8)"):
            function(IMAGES[0])
        with refuses("images must not be empty"):
            function(IMAGES[:0])
        with refuses("images must be finite, got 128 NaN"):
            function(IMAGES * float("nan"))
        with refuses("images must be floating point, got torch.int64"):
            function(IMAGES.long())
        with refuses("images must be a tensor (example, height, width), got list"):
            function([[1.0]])

    @pytest.mark.parametrize("name", READS)
    def test_blank_and_negative_ink(self, name, refuses):
        with refuses("images must each hold ink, got 1 blank ones"):
            TAKES_IMAGES[name](IMAGES * torch.tensor([1.0, 0.0])[:, None, None])
        with refuses("images must hold no negative ink, got -1"):
            TAKES_IMAGES[name](-IMAGES)

    def test_an_image_too_small_to_cover(self, refuses):
        with refuses("the smaller side of images must be at least 3, got 2"):
            h.alter(IMAGES[:, :2], seed=0)

    def test_a_canvas_that_is_too_small_and_fewer_than_no_specks(self, refuses):
        with refuses("size must be at least 8, got 7"):
            h.place(IMAGES, size=7, specks=0, generator=generator())
        with refuses("specks must be at least 0, got -1"):
            h.place(IMAGES, size=9, specks=-1, generator=generator())

    def test_no_network(self, refuses):
        with refuses("number must be at least 1, got 0"):
            h.network(0)

    @pytest.mark.parametrize("setting", ["steps", "learning_rate"])
    def test_settings(self, setting, refuses):
        with refuses("steps and learning_rate must be positive, got"):
            next(h.train(h.network(), IMAGES[:, None], torch.zeros(2, 1).long(), **{setting: 0}))

    def test_digits_and_tests_of_another_number(self, refuses):
        with refuses("digits must have the shape of images without pixels, (2, 1), got (2,)"):
            next(h.train(h.network(), IMAGES[:, None], torch.zeros(2).long()))
        with refuses("images must have the axes (example, network, height, width)"):
            next(h.train(h.network(), IMAGES, torch.zeros(2, 8).long()))
        with refuses("tests must be for 1 networks, got 2"):
            tests = IMAGES[:, None].repeat(1, 2, 1, 1)
            h.learn_and_read(IMAGES[:, None], torch.zeros(2, 1).long(), tests)
