"""Parity with pycocotools, literal versions of the definitions, the model, training, refusals."""

import math
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from dlbasic.data.scenes import KINDS, Scenes, draw
from dlbasic.tasks.detection import (
    CELLS,
    STRIDE,
    THRESHOLDS,
    Detections,
    Detector,
    assign,
    average_precision,
    decode,
    detect,
    detection_loss,
    encode,
    iou,
    nms,
    precision_recall,
    train,
    trained,
)

SCENES = draw(16, seed=3)
seeds = st.integers(0, 999)


def some_boxes(count, seed=0, dtype=torch.float64):
    """Boxes on a coarse lattice, so that they touch, repeat and hold each other."""
    generator = torch.Generator().manual_seed(seed)
    corners = torch.randint(0, 6, (count, 2), generator=generator)
    sides = torch.randint(1, 5, (count, 2), generator=generator)
    return torch.cat([corners, corners + sides], dim=1).to(dtype)


def some_guesses(count, seed=0):
    generator = torch.Generator().manual_seed(seed + 1)
    scores = torch.randint(1, 8, (count,), generator=generator) / 8  # with ties
    kinds = torch.randint(1, 5, (count,), generator=generator)
    return Detections(some_boxes(count, seed), scores, kinds)


def noisy_truth(scenes, seed=0):
    """Guesses that shift, repeat, rename and miss the objects, and some at random."""
    generator, found = torch.Generator().manual_seed(seed), []
    for boxes, kinds in zip(scenes.boxes, scenes.kinds, strict=True):
        copies = torch.randint(0, 3, kinds.shape, generator=generator) * (kinds > 0)
        boxes, kinds = boxes.repeat_interleave(copies, dim=0), kinds.repeat_interleave(copies)
        boxes = boxes + torch.randn(boxes.shape, generator=generator).mul(1.5)
        boxes[:, 2:] = torch.maximum(boxes[:, 2:], boxes[:, :2] + 1)
        renamed = torch.rand(len(kinds), generator=generator) < 0.2
        kinds = torch.where(renamed, 1 + kinds % len(KINDS), kinds)
        found.append(Detections(boxes, torch.rand(len(kinds), generator=generator), kinds))
    return found


# ---- boxes


def literal_iou(a, b):
    cells = [
        {(x, y) for x in range(int(c[0]), int(c[2])) for y in range(int(c[1]), int(c[3]))}
        for c in (a, b)
    ]
    return len(cells[0] & cells[1]) / len(cells[0] | cells[1])


@settings(max_examples=25)
@given(seed=seeds)
def test_iou_counts_the_pixels_of_both(seed):
    boxes, others = some_boxes(5, seed), some_boxes(4, seed + 1)
    expected = [[literal_iou(a, b) for b in others.tolist()] for a in boxes.tolist()]
    torch.testing.assert_close(iou(boxes[:, None], others), torch.tensor(expected).double())


@settings(max_examples=25)
@given(seed=seeds, scale=st.sampled_from([1e-3, 1.0, 1e6]))
def test_iou_knows_neither_order_nor_scale_nor_place(seed, scale):
    boxes, others = some_boxes(6, seed), some_boxes(6, seed + 7)
    value = iou(boxes, others)
    assert ((value >= 0) & (value <= 1)).all()
    torch.testing.assert_close(iou(others, boxes), value)
    torch.testing.assert_close(iou(scale * (boxes + 3), scale * (others + 3)), value)
    torch.testing.assert_close(iou(boxes, boxes), torch.ones(6).double())


def test_iou_has_the_gradient_of_its_formula():
    boxes = torch.tensor([[0.0, 0.0, 4.0, 5.0], [1.0, 1.0, 3.0, 8.0]], dtype=torch.float64)
    others = torch.tensor([[2.0, 1.0, 7.0, 6.0], [0.5, 2.0, 9.0, 9.0]], dtype=torch.float64)
    assert torch.autograd.gradcheck(iou, (boxes.requires_grad_(), others.requires_grad_()))


@settings(max_examples=25)
@given(seed=seeds)
def test_a_cell_can_say_every_box(seed):
    boxes = some_boxes(len(CELLS), seed) + 0.25
    torch.testing.assert_close(decode(encode(boxes, CELLS), CELLS), boxes)


def test_decode_has_no_box_without_area_or_wider_than_the_picture():
    numbers = torch.tensor([-200.0, 0.0, 200.0])[:, None].expand(3, 4) * torch.tensor([0, 0, 1, 1])
    boxes = decode(numbers, CELLS[:3])
    assert (boxes[:, 2:] - boxes[:, :2])[:, 0].tolist() == [1, STRIDE, 48]


# ---- which cell answers


@pytest.mark.parametrize("first", [0, 5, 11])
def test_assign_equals_two_loops(first):
    scenes = Scenes(*(truth[first : first + 2] for truth in SCENES))
    boxes, kinds = assign(scenes.boxes, scenes.kinds)
    for scene in range(2):
        for cell, (x, y) in enumerate(CELLS.tolist()):
            best = (math.inf, -1)
            for number, (left, top, right, bottom) in enumerate(scenes.boxes[scene].tolist()):
                away = max(abs((left + right) / 2 - x), abs((top + bottom) / 2 - y))
                if scenes.kinds[scene, number] > 0 and away < best[0]:
                    best = (away, number)
            expected = scenes.kinds[scene, best[1]] if best[0] <= STRIDE else 0
            assert kinds[scene, cell] == expected
            if expected:
                assert boxes[scene, cell].tolist() == scenes.boxes[scene, best[1]].tolist()


def test_of_two_objects_in_one_cell_the_nearer_owns_it_and_the_other_its_neighbour():
    boxes = torch.tensor([[[1.0, 2.0, 11.0, 10.0], [3.0, 2.0, 12.0, 11.0]]])  # middles 6, 7.5
    owned, kinds = assign(boxes, torch.tensor([[1, 2]]), reach=STRIDE)
    grid = kinds.view(12, 12)
    assert grid[1, 1] == 1
    assert grid[1, 2] == 2
    torch.testing.assert_close(owned[0, 13], boxes[0, 0])


def test_a_larger_reach_gives_an_object_more_cells():
    counts = [(assign(SCENES.boxes, SCENES.kinds, reach=r)[1] > 0).sum() for r in (2.0, 4.0, 8.0)]
    assert counts[0] < counts[1] < counts[2]


# ---- suppression and lists


def literal_nms(guesses, threshold):
    left = list(range(len(guesses.scores)))
    kept = []
    while left:
        best = max(left, key=lambda k: (guesses.scores[k].item(), -k))
        kept.append(best)
        left = [
            k
            for k in left
            if k != best
            and not (
                guesses.kinds[k] == guesses.kinds[best]
                and literal_iou(guesses.boxes[k].tolist(), guesses.boxes[best].tolist()) > threshold
            )
        ]
    return kept


@settings(max_examples=25)
@given(count=st.integers(0, 9), seed=seeds, threshold=st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]))
def test_nms_equals_the_literal_one(count, seed, threshold):
    guesses = some_guesses(count, seed)
    kept = nms(guesses, threshold=threshold)
    expected = literal_nms(guesses, threshold)
    for ours, all_of_it in zip(kept, guesses, strict=True):
        assert ours.tolist() == all_of_it[expected].tolist()


def test_a_guess_that_was_struck_out_strikes_out_nothing():
    chain = torch.tensor([[0.0, 0, 10, 10], [0.0, 3, 10, 13], [0.0, 6, 10, 16]])  # IoU .54, .25
    kept = nms(Detections(chain, torch.tensor([0.9, 0.8, 0.7]), torch.ones(3).long()))
    assert kept.boxes.tolist() == chain[[0, 2]].tolist()


def test_nms_keeps_the_first_of_two_equals_and_other_kinds():
    boxes = torch.tensor([[0.0, 0, 4, 4], [0.0, 0, 4, 5], [0.0, 0, 4, 4]])
    guesses = Detections(boxes, torch.tensor([0.5, 0.5, 0.5]), torch.tensor([1, 1, 2]))
    kept = nms(guesses)
    assert kept.boxes.tolist() == [[0, 0, 4, 4], [0, 0, 4, 4]]
    assert kept.kinds.tolist() == [1, 2]


def test_detect_gives_the_best_of_each_place_best_first():
    model = Detector()
    model.head.get_parameter("bias").data[3:5] = 1.5  # boxes that are wider than a cell
    found = detect(model, SCENES.images[:3], lowest=0.0)
    everything = detect(model, SCENES.images[:3], lowest=0.0, threshold=1.0)
    assert [len(some.scores) for some in everything] == [144] * 3
    for some in found:
        assert 0 < len(some.scores) < 144
        assert (some.scores.diff() <= 0).all()
        same = some.kinds[:, None] == some.kinds
        overlaps = iou(some.boxes[:, None], some.boxes).fill_diagonal_(0)
        assert (overlaps[same] <= 0.5).all()


def test_detect_finds_nothing_where_no_score_is_high_enough():
    torch.manual_seed(0)
    (nothing,) = detect(Detector(), SCENES.images[:1], lowest=1.0)
    assert [tuple(part.shape) for part in nothing] == [(0, 4), (0,), (0,)]


# ---- average precision


def by_pycocotools(found, boxes, kinds):
    truths, guesses = [], []
    for scene, (some, some_kinds) in enumerate(zip(boxes.tolist(), kinds.tolist(), strict=True)):
        for (left, top, right, bottom), kind in zip(some, some_kinds, strict=True):
            if kind:
                sides = {"bbox": [left, top, right - left, bottom - top], "iscrowd": 0}
                number = {"id": len(truths) + 1, "image_id": scene, "category_id": kind}
                truths.append(sides | number | {"area": (right - left) * (bottom - top)})
    for scene, some in enumerate(found):
        for box, score, kind in zip(*(part.tolist() for part in some), strict=True):
            sides = [box[0], box[1], box[2] - box[0], box[3] - box[1]]
            guesses.append({"image_id": scene, "category_id": kind, "bbox": sides, "score": score})
    truth: Any = COCO()
    truth.dataset = {
        "info": {},
        "images": [{"id": scene} for scene in range(len(found))],
        "categories": [{"id": kind} for kind in range(1, 5)],
        "annotations": truths,
    }
    truth.createIndex()
    evaluation = COCOeval(truth, truth.loadRes(guesses), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    precision = evaluation.eval["precision"][:, :, :, 0, -1]  # any area, 100 guesses
    return torch.from_numpy(precision.mean(axis=1))


@pytest.mark.parametrize("seed", range(3))
def test_average_precision_equals_pycocotools(seed):
    found = noisy_truth(SCENES, seed)
    ours = average_precision(found, SCENES.boxes, SCENES.kinds)
    assert 0.05 < ours.mean() < 0.95
    expected = by_pycocotools(found, SCENES.boxes, SCENES.kinds)
    torch.testing.assert_close(ours, expected, rtol=1e-12, atol=1e-12)


def test_average_precision_equals_pycocotools_with_more_guesses_than_count():
    generator = torch.Generator().manual_seed(0)
    scenes = Scenes(*(truth[:3] for truth in SCENES))
    found = []
    for some in noisy_truth(scenes):
        extra = torch.rand(130, 4, generator=generator) * 20
        extra[:, 2:] += 20
        boxes, scores = torch.cat([extra, some.boxes]), 1 + torch.rand(130, generator=generator)
        kinds = torch.cat([torch.full((130,), 4), some.kinds])
        found.append(Detections(boxes, torch.cat([scores, some.scores]), kinds))
    ours = average_precision(found, scenes.boxes, scenes.kinds)
    expected = by_pycocotools(found, scenes.boxes, scenes.kinds)
    torch.testing.assert_close(ours, expected, rtol=1e-12, atol=1e-12)


def test_the_truth_itself_has_an_average_precision_of_one_and_nothing_of_zero():
    truth, nothing = [], []
    for boxes, kinds in zip(SCENES.boxes, SCENES.kinds, strict=True):
        there = kinds > 0
        truth.append(Detections(boxes[there], torch.ones(int(there.sum())), kinds[there]))
        nothing.append(Detections(boxes[:0], torch.ones(0), kinds[:0]))
    assert (average_precision(truth, SCENES.boxes, SCENES.kinds) == 1).all()
    assert (average_precision(nothing, SCENES.boxes, SCENES.kinds) == 0).all()


def test_precision_and_recall_of_a_list_counted_by_hand():
    boxes = torch.tensor([[[0.0, 0, 10, 10], [20.0, 0, 30, 10]]])
    guesses = torch.tensor([[0.0, 0, 10, 10], [0.0, 0, 10, 9], [20.0, 0, 30, 6], [40, 0, 50, 10]])
    found = [Detections(guesses, torch.tensor([0.9, 0.8, 0.7, 0.6]), torch.ones(4).long())]
    precisions, recalls = precision_recall(found, boxes, torch.tensor([[1, 1]]), 1)
    torch.testing.assert_close(precisions[0], torch.tensor([1, 1 / 2, 2 / 3, 2 / 4]).double())
    torch.testing.assert_close(recalls[0], torch.tensor([0.5, 0.5, 1, 1]).double())
    torch.testing.assert_close(recalls[-1], torch.full((4,), 0.5).double())  # IoU 0.6 < 0.95


def test_the_thresholds_are_those_of_coco():
    np.testing.assert_allclose(THRESHOLDS, COCOeval(iouType="bbox").params.iouThrs, rtol=1e-15)


# ---- model, loss, training


def test_the_model_says_nine_numbers_for_each_cell_and_looks_at_the_picture():
    torch.manual_seed(0)
    model = Detector().eval()
    outputs = model(SCENES.images[:2])
    assert outputs.shape == (2, 144, 9)
    changed = SCENES.images[:2].clone()
    changed[0, :, 10:20, 10:20] = 1 - changed[0, :, 10:20, 10:20]
    difference = (model(changed) - outputs).abs()
    assert difference[0].max() > 1e-3
    assert difference[1].max() == 0
    assert sum(weights.numel() for weights in model.parameters()) <= 300_000


def test_the_gradient_reaches_every_parameter():
    model = Detector()
    boxes, kinds = assign(SCENES.boxes, SCENES.kinds)
    detection_loss(model(SCENES.images), boxes, kinds).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


def perfect(boxes, kinds):
    numbers = torch.where(kinds[..., None] > 0, encode(boxes, CELLS), torch.zeros(4))
    logits = 40.0 * torch.nn.functional.one_hot((kinds - 1).clamp(min=0), len(KINDS))
    return torch.cat([80.0 * (kinds > 0)[..., None] - 40, numbers, logits], dim=2)


def test_the_loss_is_zero_where_all_is_said_right_and_each_part_raises_it():
    boxes, kinds = assign(SCENES.boxes, SCENES.kinds)
    outputs = perfect(boxes, kinds)
    assert detection_loss(outputs, boxes, kinds) < 1e-4
    shuffled = outputs.clone()
    shuffled[..., 5:] = shuffled[..., 5:].roll(1, dims=2)
    off, sure = outputs.clone(), outputs.clone()
    off[..., 1] += 0.5
    sure[..., 0] = 40.0
    for worse in (shuffled, off, sure):
        assert detection_loss(worse, boxes, kinds) > 0.4


def test_the_loss_asks_the_score_for_the_overlap():
    boxes, kinds = assign(SCENES.boxes, SCENES.kinds)
    outputs = perfect(boxes, kinds).double()
    outputs[..., 3:5] += math.log(0.8)  # sides shorter by a fifth: an IoU of 0.64
    found = kinds > 0

    def loss(score):
        said = outputs.clone()
        said[..., 0] = torch.where(found, math.log(score / (1 - score)), -40.0)
        return detection_loss(said, boxes.double(), kinds)

    assert loss(0.64) < min(loss(0.62), loss(0.66))


def test_a_box_where_no_object_is_costs_nothing():
    boxes, kinds = assign(SCENES.boxes, SCENES.kinds)
    outputs = torch.randn(16, 144, 9, generator=torch.Generator().manual_seed(0))
    before = detection_loss(outputs, boxes, kinds)
    outputs[(kinds == 0)[..., None] & (torch.arange(9) > 0)] += 5
    assert detection_loss(outputs, boxes, kinds) == before


def test_training_lowers_the_loss_and_is_the_same_for_a_seed():
    def run(seed, steps):
        torch.manual_seed(0)
        some = train(Detector(), SCENES, steps=24, batch_size=8, learning_rate=5e-3, seed=seed)
        return [step.loss for step in islice(some, steps)]

    first = run(0, 24)
    assert sum(first[-4:]) < 0.6 * sum(first[:4])
    assert run(0, 4) == first[:4]
    assert run(1, 4) != first[:4]


def test_trained_leaves_the_global_generator_alone():
    state = torch.random.get_rng_state()
    with pytest.raises(ValueError, match="num_scenes must be a positive integer"):
        trained(num_scenes=0)
    assert torch.equal(torch.random.get_rng_state(), state)


# ---- what is refused

BOX = torch.tensor([[0.0, 0.0, 2.0, 3.0]])
ONE = torch.tensor([1])


class TestRefuses:
    @pytest.mark.parametrize(
        "bad", [[2, 0, 2, 3], [0, 3, 2, 3], [2, 0, 0, 3], [0, 0, math.nan, 1], [0, 0, math.inf, 1]]
    )
    def test_boxes_without_an_area(self, bad, refuses):
        boxes = torch.tensor([bad], dtype=torch.float32)
        words = "must be left, top, right, bottom with an area, got [["
        with refuses("boxes " + words):
            iou(boxes, BOX)
        with refuses("others " + words):
            iou(BOX, boxes)
        with refuses("boxes " + words):
            nms(Detections(boxes, torch.ones(1), ONE))
        with refuses("boxes " + words):
            assign(boxes[None], ONE[None])

    @pytest.mark.parametrize("bad", [torch.zeros(3, 5), torch.tensor(1.0), [[0, 0, 1, 1]]])
    def test_what_is_no_box(self, bad, refuses):
        with refuses("others must be a tensor (…, 4), got ("):
            iou(BOX, bad)

    def test_lists_that_do_not_pair_up(self, refuses):
        with refuses("boxes and kinds must be (scene object 4) and (scene object)"):
            assign(torch.zeros(2, 5, 4), torch.zeros(2, 4).long())
        with refuses("boxes and kinds must be (box 4) and (box)"):
            nms(Detections(BOX, torch.ones(1), torch.tensor([1, 2])))
        with refuses("scores must be finite, one a box"):
            nms(Detections(BOX, torch.ones(2), ONE))
        with refuses("found must be 16, one a scene, got 0"):
            precision_recall([], SCENES.boxes, SCENES.kinds, 1)

    @pytest.mark.parametrize("kind", [-1, 5])
    def test_a_kind_that_is_none(self, kind, refuses):
        with refuses(f"kinds must be 0 to 4, got [{kind}]"):
            assign(BOX[None], torch.tensor([[kind]]))

    def test_a_kind_of_which_there_is_no_object(self, refuses):
        nothing = [Detections(BOX[:0], torch.ones(0), ONE[:0])]
        with refuses("kind must be in [1], got 2"):
            precision_recall(nothing, BOX[None], ONE[None], 2)

    @pytest.mark.parametrize("score", [math.nan, math.inf])
    def test_scores_that_are_no_numbers(self, score, refuses):
        with refuses("scores must be finite, one a box"):
            nms(Detections(BOX, torch.tensor([score]), ONE))

    @pytest.mark.parametrize("threshold", [-0.1, 1.1, math.nan])
    def test_a_threshold_that_is_no_iou(self, threshold, refuses):
        with refuses(f"threshold must be in [0, 1], got {threshold}"):
            nms(Detections(BOX, torch.ones(1), ONE), threshold=threshold)

    @pytest.mark.parametrize("reach", [0.0, -1.0, math.nan])
    def test_a_reach_that_is_none(self, reach, refuses):
        with refuses(f"reach must be positive, got {reach}"):
            assign(SCENES.boxes, SCENES.kinds, reach=reach)

    def test_images_of_another_kind(self, refuses):
        with refuses("images must be 48×48, got (1, 3, 32, 32)"):
            detect(Detector(), torch.zeros(1, 3, 32, 32))
        with refuses("images must be finite"):
            detect(Detector(), torch.full((1, 3, 48, 48), math.nan))
        with refuses("images must not be empty"):
            detect(Detector(), torch.zeros(0, 3, 48, 48))

    def test_a_loss_of_nothing_or_of_other_shapes(self, refuses):
        boxes, kinds = assign(SCENES.boxes, SCENES.kinds)
        with refuses("kinds must be above 0 in some cell, got 0 in all"):
            detection_loss(torch.zeros(16, 144, 9), boxes, 0 * kinds)
        with refuses("outputs and kinds must be (scene, cell, 9 and none)"):
            detection_loss(torch.zeros(16, 144, 8), boxes, kinds)

    @pytest.mark.parametrize(
        "setting",
        [{"steps": 0}, {"batch_size": 0}, {"learning_rate": 0.0}, {"learning_rate": math.nan}],
    )
    def test_settings_that_are_not_positive(self, setting, refuses):
        with refuses("settings must be positive, got ("):
            next(train(Detector(), SCENES, **setting))
