"""Parity with brute force, SciPy, scikit-image and torch, and what each piece of a digit does."""

import math
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
import skimage.measure
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import interpolate
from torch.nn import functional

from dlbasic.data import handwriting
from dlbasic.data.handwriting import (
    BOX,
    CELL,
    FONTS,
    FORMS,
    SIDE,
    bend,
    distance,
    fit,
    glyph,
    hold,
    pen,
    scan,
    trace,
    typeset,
    write,
)

# What these two say of their parameters' types is narrower than what they take.
ndimage: Any = scipy.ndimage
block_reduce: Any = skimage.measure.block_reduce
DIGITS = torch.arange(10)
CELLS = SIDE // CELL


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def some_segments(*shape, seed=0):
    return SIDE * torch.rand(*shape, 2, 2, generator=rng(seed), dtype=torch.float64)


def by_brute_force(segments):
    """Distances by bounded search over each segment for each cell, with no formula for the foot."""
    places = np.arange(CELL / 2, SIDE, CELL)
    found = np.full((len(segments), CELLS, CELLS), np.inf)
    for n, example in enumerate(segments.numpy()):
        for start, end in example:
            for row, y in enumerate(places):
                for column, x in enumerate(places):
                    low, high = 0.0, 1.0
                    for _ in range(80):
                        a, b = low + (high - low) / 3, high - (high - low) / 3
                        far = [np.hypot(*(start + t * (end - start) - (x, y))) for t in (a, b)]
                        low, high = (low, b) if far[0] < far[1] else (a, high)
                    nearest = np.hypot(*(start + low * (end - start) - (x, y)))
                    found[n, row, column] = min(found[n, row, column], nearest)
    return torch.tensor(found)


class TestDistance:
    def test_is_that_of_a_search(self):
        segments = some_segments(1, 3)
        torch.testing.assert_close(distance(segments), by_brute_force(segments), rtol=0, atol=1e-7)

    @given(seed=st.integers(0, 1000), number=st.integers(1, 5))
    def test_is_the_norm_to_the_clamped_foot(self, seed, number):
        segments = some_segments(2, number, seed=seed)
        places = torch.arange(CELL / 2, SIDE, CELL, dtype=torch.float64)
        points = torch.stack(torch.meshgrid(places, places, indexing="xy"), dim=-1)
        start, end = (part[:, :, None, None] for part in segments.unbind(dim=2))
        way = end - start
        t = ((points - start) * way).sum(-1, keepdim=True) / way.square().sum(-1, keepdim=True)
        expected = (points - start - t.clamp(0, 1) * way).norm(dim=-1).amin(dim=1)
        torch.testing.assert_close(distance(segments), expected, rtol=0, atol=1e-10)

    def test_of_dots_is_the_norm(self):
        dots = some_segments(1, 4)[:, :, :1].expand(-1, -1, 2, -1)
        places = torch.arange(CELL / 2, SIDE, CELL, dtype=torch.float64)
        points = torch.stack(torch.meshgrid(places, places, indexing="xy"), dim=-1).view(-1, 2)
        expected = torch.cdist(dots[0, :, 0], points).amin(dim=0).view(1, CELLS, CELLS)
        torch.testing.assert_close(distance(dots), expected, rtol=0, atol=1e-10)

    def test_of_a_line_of_cells_is_scipys(self):
        ends = torch.tensor([[9.0, 5.0], [9.0, 25.0]], dtype=torch.float64)
        cells = np.ones((CELLS, CELLS))
        cells[2:13, 4] = 0
        expected = torch.tensor(CELL * ndimage.distance_transform_edt(cells))
        torch.testing.assert_close(distance(ends[None, None])[0], expected, rtol=0, atol=1e-10)

    def test_a_segment_and_its_reverse_are_one_and_order_does_not_matter(self):
        segments = some_segments(2, 5)
        torch.testing.assert_close(distance(segments), distance(segments.flip(1, 2)))

    def test_many_are_as_each(self):
        segments = some_segments(130, 2)
        rows = torch.cat([distance(row[None]) for row in segments])
        torch.testing.assert_close(distance(segments), rows, rtol=0, atol=1e-12)

    def test_leaves_its_input_alone(self):
        segments = some_segments(2, 3)
        before = segments.clone()
        distance(segments)
        assert torch.equal(segments, before)


class TestForms:
    def test_every_digit_has_several_and_all_fit_the_box(self):
        forms = handwriting._forms()
        assert list(FORMS) == list(range(10))
        assert torch.bincount(forms.digits).min() >= 2
        ends = forms.segments / torch.tensor(BOX)
        assert ends.min() > -0.1
        assert ends.max() < 1.1
        heights = ends[..., 1].flatten(1).aminmax(dim=1)
        assert (heights.max - heights.min > 0.9).all()

    def test_a_curve_is_the_cubic_with_catmull_roms_slopes(self):
        text = "10,20 50,0 90,40 30,100"
        points = np.array([[10, 20], [50, 0], [90, 40], [30, 100]]) / 100
        slopes = np.stack([points[1] - points[0], *(points[2:] - points[:-2])])
        slopes = np.concatenate([slopes, points[3:] - points[2:3]]) / 2
        spline = interpolate.CubicHermiteSpline(np.arange(4), points, slopes)
        curve = handwriting._curve(text).double()
        assert curve.shape == (6, 2, 2)
        starts, ends = spline(np.arange(6) / 2), spline(np.arange(1, 7) / 2)
        torch.testing.assert_close(curve[:, 0], torch.tensor(starts), rtol=0, atol=1e-6)
        torch.testing.assert_close(curve[:, 1], torch.tensor(ends), rtol=0, atol=1e-6)

    def test_two_points_are_one_straight_line(self):
        line = handwriting._curve("10,20 50,0")
        torch.testing.assert_close(line, torch.tensor([[[0.1, 0.2], [0.5, 0.0]]]))

    def test_the_bars_are_corners(self):
        forms = handwriting._forms()
        (one,) = forms.segments[forms.digits == 1][4:5]  # "12,50 60,4|60,4 55,100": two lines
        expected = torch.tensor([[[12, 50], [60, 4]], [[60, 4], [55, 100]]]) / 100
        torch.testing.assert_close(one[:2], expected * torch.tensor(BOX))
        assert (one[2:] == one[1]).all()


class TestWrite:
    def test_writes_forms_of_the_digits_it_is_given(self):
        digits = torch.tensor([3, 1, 3, 9, 0] * 40)
        forms = handwriting._forms()
        strokes = write(digits, generator=rng())
        same = (strokes[:, None] == forms.segments).all(dim=-1).all(dim=-1).all(dim=-1)
        assert (same.sum(1) == 1).all()
        form = same.int().argmax(dim=1)
        assert torch.equal(forms.digits[form], digits)
        threes = form[digits == 3]
        assert len(threes.unique()) == (forms.digits == 3).sum()

    def test_the_first_form_is_the_first(self):
        forms = handwriting._forms()
        strokes = write(DIGITS, first_form=True, generator=rng())
        firsts = torch.stack([forms.segments[forms.digits == digit][0] for digit in DIGITS])
        assert torch.equal(strokes, firsts)

    def test_the_generator_decides(self):
        digits = DIGITS.repeat(5)
        assert torch.equal(write(digits, generator=rng(1)), write(digits, generator=rng(1)))
        assert not torch.equal(write(digits, generator=rng(1)), write(digits, generator=rng(2)))


@pytest.mark.parametrize("change", [bend, hold, fit])
class TestChanges:
    def test_the_generator_decides(self, change):
        strokes = write(DIGITS, generator=rng())
        first, again, other = (change(strokes, generator=rng(seed)) for seed in (1, 1, 2))
        assert torch.equal(first, again)
        assert not torch.allclose(first, other)
        assert first.shape == strokes.shape

    def test_what_is_joined_stays_joined(self, change):
        strokes = write(torch.tensor([8] * 30), generator=rng())
        moved = change(strokes, generator=rng())
        joined = (strokes[:, :-1, 1] == strokes[:, 1:, 0]).all(dim=-1)
        assert joined.float().mean() > 0.5
        torch.testing.assert_close(moved[:, :-1, 1][joined], moved[:, 1:, 0][joined])

    def test_keeps_the_dtype_and_moves_each_example_in_its_own_way(self, change):
        strokes = write(torch.tensor([0, 0]), first_form=True, generator=rng()).double()
        moved = change(strokes, generator=rng())
        assert moved.dtype == torch.float64
        assert not torch.allclose(moved[0], moved[1])

    def test_refuses_what_is_no_segments(self, change, refuses):
        with refuses("segments must have the axes (example, segment, end, axis)"):
            change(torch.zeros(3, 2, 2), generator=rng())
        with refuses("segments must be (example, segment, 2, 2), got (3, 4, 2, 3)"):
            change(torch.zeros(3, 4, 2, 3), generator=rng())
        with refuses("segments must be finite, got 1 NaN"):
            change(torch.tensor([[[[0.0, math.nan], [0.0, 1.0]]]]), generator=rng())


class TestHold:
    def test_is_the_matrices_of_the_page(self):
        segments = torch.rand(3, 5, 2, 2, generator=rng(), dtype=torch.float64)
        held = hold(segments, generator=rng(7))
        noise = torch.randn(3, 3, generator=rng(7), dtype=torch.float64)
        for some, got, (wide, slant, turn) in zip(segments, held, noise.T.tolist(), strict=True):
            cosine, sine = math.cos(0.12 * turn), math.sin(0.12 * turn)
            rotation = torch.tensor([[cosine, -sine], [sine, cosine]], dtype=torch.float64)
            shear = [[math.exp(0.25 * wide), -0.15 * slant], [0.0, 1.0]]
            posture = torch.tensor(shear, dtype=torch.float64)
            expected = (some - torch.tensor(BOX) / 2) @ (rotation @ posture).mT
            torch.testing.assert_close(got, expected, rtol=0, atol=1e-12)

    def test_is_affine_and_by_the_spread_that_it_states(self):
        corners = torch.tensor([[[0.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [1.0, 1.0]]]).double()
        many = corners.expand(4000, 2, 2, 2)
        held = hold(many, generator=rng())
        (a, b), (c, d) = held.unbind(dim=1)[0].unbind(dim=1), held.unbind(dim=1)[1].unbind(dim=1)
        torch.testing.assert_close(b - a, d - c, rtol=0, atol=1e-12)  # a parallelogram
        width = (b - a).norm(dim=1).log()
        turn = torch.atan2((b - a)[:, 1], (b - a)[:, 0])
        area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
        torch.testing.assert_close(area.log(), width, rtol=0, atol=1e-12)  # a slant keeps the area
        slant = -((b - a) * (c - a)).sum(1) / (b - a).norm(dim=1)
        for values, spread in ((width, 0.25), (turn, 0.12), (slant, 0.15)):
            assert values.mean().item() == pytest.approx(0, abs=0.02)
            assert values.std().item() == pytest.approx(spread, rel=0.06)

    def test_moving_the_strokes_is_moving_the_picture(self):
        """The picture of held strokes is the picture warped, by SciPy and by torch."""
        strokes = 20 * (write(torch.tensor([4]), generator=rng()).double() - torch.tensor(BOX) / 2)
        matrix = torch.tensor([[1.2, -0.3], [0.1, 0.9]], dtype=torch.float64)
        before, after = distance(strokes + SIDE / 2), distance(strokes @ matrix.mT + SIDE / 2)
        pictures = [torch.exp(-part.square() / 18)[0] for part in (before, after)]
        inverse = torch.linalg.inv(matrix)
        back = inverse.flip(0, 1).numpy()  # rows come first in an image
        middle = np.full(2, (CELLS - 1) / 2)
        by_scipy = ndimage.affine_transform(
            pictures[0].numpy(), back, middle - back @ middle, order=1
        )
        grid = functional.affine_grid(
            torch.cat([inverse, torch.zeros(2, 1).double()], dim=1)[None],
            [1, 1, CELLS, CELLS],
            align_corners=False,
        )
        by_torch = functional.grid_sample(pictures[0][None, None], grid, align_corners=False)[0, 0]
        # a stretched line is wider than one that is drawn anew: compare where the lines are
        for warped in (torch.tensor(by_scipy), by_torch):
            both = torch.stack([warped.flatten(), pictures[1].flatten()])
            assert torch.corrcoef(both)[0, 1] > 0.97


class TestBend:
    def test_is_a_sum_of_waves_of_the_place(self):
        segments = torch.rand(3, 5, 2, 2, generator=rng(), dtype=torch.float64)
        noise = torch.randn(5, 3, 4, generator=rng(7), dtype=torch.float64)
        moved = bend(segments, generator=rng(7))
        for n in range(3):
            for place, got in zip(segments[n].view(-1, 2), moved[n].reshape(-1, 2), strict=True):
                expected = place.clone()
                for k in range(4):
                    wave = noise[0, n, k] * place[0] + noise[1, n, k] * place[1] + noise[4, n, k]
                    expected += 0.05 * noise[2:4, n, k] * torch.sin(2 * math.pi * wave)
                torch.testing.assert_close(got, expected, rtol=0, atol=1e-12)

    def test_neighbours_move_alike_and_the_waves_are_small(self):
        places = torch.rand(2000, 1, 1, 2, generator=rng(), dtype=torch.float64)
        segments = torch.cat([places, places + 0.001], dim=2)
        shift = bend(segments, generator=rng(1)) - segments
        assert (shift[:, :, 0] - shift[:, :, 1]).abs().max() < 0.01
        assert shift.std().item() == pytest.approx(0.05 * math.sqrt(4 / 2), rel=0.1)


class TestFit:
    def test_the_middle_and_the_size_are_those_of_the_scanner(self):
        strokes = hold(write(torch.tensor([0, 3, 8]).repeat(700), generator=rng()), generator=rng())
        fitted = fit(strokes, generator=rng(1))
        low, high = fitted.amin(dim=(1, 2)), fitted.amax(dim=(1, 2))
        torch.testing.assert_close(
            (high - low).mean(0), torch.tensor([19.0, 28.0]), rtol=0.02, atol=0
        )
        torch.testing.assert_close((high - low).std(0), torch.tensor([2.0, 1.0]), rtol=0.1, atol=0)
        middle = (high + low) / 2
        torch.testing.assert_close(middle.mean(0), torch.full((2,), 16.0), rtol=0, atol=0.05)
        torch.testing.assert_close(middle.std(0), torch.full((2,), 0.6), rtol=0.06, atol=0)

    def test_only_stretches_and_moves(self):
        strokes = write(DIGITS, generator=rng()).double()
        fitted = fit(strokes, generator=rng())
        for axis in (0, 1):
            x, y = strokes[..., axis].flatten(1), fitted[..., axis].flatten(1)
            for one, other in zip(x, y, strict=True):
                design = torch.stack([one, torch.ones_like(one)], dim=1)
                line = torch.linalg.lstsq(design, other[:, None]).solution
                torch.testing.assert_close(design @ line, other[:, None], rtol=0, atol=1e-9)
                assert line[0] > 0

    def test_a_line_is_not_stretched_to_a_blot(self):
        upright = torch.tensor([[[[0.30, 0.0], [0.32, 1.0]]]]).expand(500, 1, 2, 2)
        fitted = fit(upright, generator=rng())
        width, height = (fitted[:, 0, 1] - fitted[:, 0, 0]).unbind(dim=1)
        torch.testing.assert_close(width, 1.8 * 0.02 * height)
        dot = torch.zeros(1, 1, 2, 2)
        assert torch.isfinite(fit(dot, generator=rng())).all()


class TestScan:
    def distances(self, seed=0):
        return distance(some_segments(6, 4, seed=seed))

    def test_a_pixel_is_the_mean_of_its_block(self):
        distances = self.distances()
        radius = torch.linspace(0, 6, 6, dtype=torch.float64)
        ink = ((radius[:, None, None] - distances) / CELL + 0.5).clamp(0, 1)
        images = scan(distances, radius)
        assert images.shape == (6, 8, 8)
        block = (1, 4 // CELL, 4 // CELL)
        by_skimage = torch.tensor(block_reduce(ink.numpy(), block, np.mean))
        torch.testing.assert_close(images, by_skimage, rtol=0, atol=1e-12)
        by_torch = functional.avg_pool2d(ink[:, None], 4 // CELL)[:, 0]
        torch.testing.assert_close(images, by_torch, rtol=0, atol=1e-12)
        blurred = ndimage.uniform_filter(ink.numpy(), size=(1, 2, 2))  # a box blur, then every 2nd
        torch.testing.assert_close(images, torch.tensor(blurred[:, 1::2, 1::2]), rtol=0, atol=1e-12)

    def test_is_near_the_count_of_a_fine_bitmap(self):
        segments, radius = some_segments(1, 2, seed=3), torch.tensor([3.0], dtype=torch.float64)
        fine = (torch.arange(256, dtype=torch.float64) + 0.5) / 8
        points = torch.stack(torch.meshgrid(fine, fine, indexing="xy"), dim=-1)
        start, end = (part[0, :, None, None] for part in segments.unbind(dim=2))
        way = end - start
        t = ((points - start) * way).sum(-1, keepdim=True) / way.square().sum(-1, keepdim=True)
        near = (points - start - t.clamp(0, 1) * way).norm(dim=-1).amin(dim=0) < 3
        counted = torch.tensor(block_reduce(near.double().numpy(), (32, 32), np.mean))
        error = (scan(distance(segments), radius)[0] - counted).abs()
        assert error.mean() < 0.01
        assert error.max() < 0.2  # where two round ends meet

    def test_without_grey_it_is_black_or_white_by_the_half(self):
        distances, radius = self.distances(), torch.full((6,), 3.0, dtype=torch.float64)
        grey, black = scan(distances, radius), scan(distances, radius, grey=False)
        assert set(black.unique().tolist()) == {0.0, 1.0}
        assert ((grey >= 0.5) == (black == 1)).all()

    def test_a_thicker_pen_adds_ink(self):
        distances = self.distances()
        thin, thick = (scan(distances, torch.full((6,), r).double()) for r in (1.0, 3.0))
        assert (thick >= thin).all()
        assert (thick.mean((1, 2)) > thin.mean((1, 2))).all()

    @pytest.mark.parametrize("share", [0.0, 0.1, 0.31, 0.9])
    def test_the_pen_covers_its_share_of_the_cells(self, share):
        distances = self.distances()
        radius = pen(distances, torch.full((6,), share, dtype=torch.float64))
        covered = (distances < radius[:, None, None]).double().mean((1, 2))
        torch.testing.assert_close(
            covered, torch.full_like(covered, int(share * CELLS**2) / CELLS**2), rtol=0, atol=1e-12
        )

    def test_the_ink_of_the_image_is_about_the_share(self):
        strokes = fit(write(DIGITS.repeat(20), generator=rng()), generator=rng())
        distances = distance(strokes)
        share = torch.linspace(0.2, 0.45, len(distances))
        ink = scan(distances, pen(distances, share)).mean((1, 2))
        assert (ink - share).abs().mean() < 0.02
        assert (ink - share).abs().max() < 0.08


class TestFonts:
    def test_are_twenty_that_differ_in_every_digit(self):
        assert len(set(FONTS)) == 20
        for digit in range(10):
            pictures = torch.stack([glyph(font, digit) for font in FONTS])
            assert pictures.min() == 0
            assert pictures.max() == 1
            assert len(torch.unique(pictures.flatten(1), dim=0)) == 20

    def test_a_glyph_is_in_the_middle_and_upright(self):
        ink = glyph("DejaVuSans", 7)
        rows, columns = ink.sum(1).nonzero()[:, 0], ink.sum(0).nonzero()[:, 0]
        assert 20 <= len(rows) <= 26
        assert abs(rows.float().mean() - 15.5) <= 1
        assert abs(columns.float().mean() - 15.5) <= 1
        assert ink[rows[1]].sum() > 2 * ink[rows[-2]].sum()  # the bar of a 7 is at the top

    def test_take_turns(self):
        digits = torch.tensor([5, 5, 5, 2])
        images = typeset(digits, FONTS[:2])
        assert images.shape == (4, 8, 8)
        assert torch.equal(images[0], images[2])
        assert not torch.equal(images[0], images[1])
        expected = block_reduce(glyph(FONTS[1], 2).numpy(), (4, 4), np.mean)
        torch.testing.assert_close(images[3], torch.tensor(expected))

    def test_the_trace_is_the_middle_line(self):
        (dots,) = trace(torch.tensor([1]), ["DejaVuSans"])
        assert (dots[:, 0] == dots[:, 1]).all()
        places = (dots[:, 0] * 24).round().long()
        ink = glyph("DejaVuSans", 1) > 0.5
        assert ink[places[:, 1], places[:, 0]].all()  # x is the column, y the row
        assert len(places.unique(dim=0)) < 0.6 * ink.sum()

    def test_traces_of_several_lengths_are_filled_up_with_dots_of_their_own(self):
        both = trace(torch.tensor([1, 8]), FONTS[:1])
        (alone,) = trace(torch.tensor([1]), FONTS[:1])
        assert both.shape[1] > len(alone)
        assert torch.equal(both[0].unique(dim=0), alone.unique(dim=0))


class TestRefuses:
    def test_what_is_no_digit(self, refuses):
        for make in (
            lambda digits: write(digits, generator=rng()),
            lambda digits: typeset(digits, FONTS),
            lambda digits: trace(digits, FONTS),
        ):
            with refuses("digits must be from 0 to 9, got 3 to 10"):
                make(torch.tensor([3, 10]))
            with refuses("digits must be (example) and not empty"):
                make(torch.tensor([], dtype=torch.int64))
            with refuses("digits must be a tensor of int64, got torch.float32"):
                make(torch.tensor([1.0]))

    def test_unknown_fonts_and_none(self, refuses):
        with refuses("font must be the name of a font of matplotlib, got Quill"):
            typeset(DIGITS, ["Quill"])
        with refuses("fonts must be one or more, got []"):
            trace(DIGITS, [])

    def test_segments_that_are_none(self, refuses):
        with refuses("segments must be (example, segment, 2, 2), got (1, 2, 3, 2)"):
            distance(torch.zeros(1, 2, 3, 2))
        with refuses("segments must be finite"):
            distance(torch.full((1, 1, 2, 2), math.inf))

    def test_bitmaps_and_radii_that_do_not_fit(self, refuses):
        cells = torch.zeros(2, CELLS, CELLS)
        with refuses("distances must be of 16×16 cells, got (8, 8)"):
            scan(torch.zeros(2, 8, 8), torch.zeros(2))
        with refuses("radius must have the shape of distances of one cell, (2,), got (3,)"):
            scan(cells, torch.zeros(3))
        with refuses("share must have the shape of distances of one cell, (2,), got (1,)"):
            pen(cells, torch.zeros(1))
        for share in (-0.1, 1.0, math.nan):
            with refuses("share must be in [0, 1)"):
                pen(cells, torch.tensor([0.5, share]))
        with refuses("distances must be finite"):
            pen(cells / 0, torch.tensor([0.5, 0.5]))
