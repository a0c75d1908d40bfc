"""The truths of a scene agree with each other, and the picture with them."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dlbasic.data import scenes as scenes_module
from dlbasic.data.scenes import (
    ACTIVITIES,
    KINDS,
    LENGTHS,
    NUM_SHAPES,
    PARENTS,
    PERSON,
    RGB,
    SIZE,
    Scenes,
    boxes_of,
    draw,
)


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return draw(400, seed=7)


def literal_box(mask: np.ndarray) -> list[float]:
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return [0, 0, 0, 0]
    return [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


def test_fewer_scenes_of_a_seed_are_the_first_of_more(scenes):
    for some, all_of_them in zip(draw(5, seed=7), scenes, strict=True):
        assert torch.equal(some, all_of_them[:5])
    assert not torch.equal(draw(5, seed=8).images, scenes.images[:5])


def test_pictures_are_pictures(scenes):
    assert scenes.images.shape == (400, 3, SIZE, SIZE)
    assert scenes.images.min() >= 0
    assert scenes.images.max() <= 1
    assert scenes.images.flatten(1).std(dim=1).min() > 0.02


def test_a_label_is_the_kind_of_the_object_that_is_seen(scenes):
    for labels, objects, kinds in zip(scenes.labels, scenes.objects, scenes.kinds, strict=True):
        kind_of = [0, *kinds.tolist()]
        assert labels.tolist() == [[kind_of[k] for k in row] for row in objects.tolist()]


def test_a_box_is_the_box_of_the_mask(scenes):
    for n in range(len(scenes.images)):
        for k in range(NUM_SHAPES + 1):
            mask = (scenes.objects[n] == k + 1).numpy()
            assert scenes.boxes[n, k].tolist() == literal_box(mask)
            assert (mask.sum() >= 12) == (scenes.kinds[n, k] > 0)


def test_every_scene_has_a_person_and_shapes_have_colours(scenes):
    assert (scenes.kinds[:, PERSON] == 1 + KINDS.index("person")).all()
    assert (scenes.kinds[:, :NUM_SHAPES] <= 3).all()
    coloured = (scenes.kinds > 0) & (torch.arange(5) != PERSON)
    assert torch.equal(scenes.colours >= 0, coloured)


def test_a_hidden_joint_is_hidden(scenes):
    for n in range(len(scenes.images)):
        for (x, y), visible in zip(scenes.joints[n].tolist(), scenes.visible[n], strict=True):
            assert (scenes.objects[n, int(y), int(x)] == PERSON + 1) == visible
    assert 0.03 < (~scenes.visible).float().mean() < 0.3


def test_a_body_keeps_its_proportions(scenes):
    bones = {
        j: (scenes.joints[:, j] - scenes.joints[:, parent]).norm(dim=1)
        for j, parent in enumerate(PARENTS)
        if parent is not None
    }
    for joint, length in bones.items():
        torch.testing.assert_close(length / bones[1], length * 0 + LENGTHS[joint] / LENGTHS[1])


def test_the_pixels_of_the_person_are_near_the_bones(scenes):
    middles = torch.stack(torch.meshgrid(*[torch.arange(SIZE) + 0.5] * 2, indexing="xy"), dim=-1)
    for n in range(50):
        points = torch.cat(
            [
                torch.lerp(scenes.joints[n, joint], scenes.joints[n, parent], share)[None]
                for joint, parent in enumerate(PARENTS)
                if parent is not None
                for share in torch.linspace(0, 1, 30)
            ]
        )
        away = torch.cdist(middles[scenes.objects[n] == PERSON + 1], points).amin(dim=1)
        assert away.max() < 3.6  # a head's radius; limbs are thinner


def test_the_activity_can_be_told_from_the_joints(scenes):
    # the means of the (sorted) angles differ: the truth depends on what is drawn
    hands = scenes.joints[:, [4, 6], 1] - scenes.joints[:, 1:2, 1]
    raised = (hands < 0).sum(dim=1).float()
    means = {name: raised[scenes.activities == k].mean() for k, name in enumerate(ACTIVITIES)}
    assert means["jumping"] > 1.9
    assert 0.9 < means["waving"] < 1.1
    assert max(means["standing"], means["sitting"]) < 0.1


def test_a_shape_has_the_colour_that_it_is_said_to_have(scenes):
    hits, count = 0, 0
    for n, k in (scenes.colours >= 0).nonzero().tolist():
        pixels = scenes.images[n][:, scenes.objects[n] == k + 1]
        colour = pixels.mean(dim=1) / pixels.mean(dim=1).norm()
        names = torch.tensor(RGB) / torch.tensor(RGB).norm(dim=1, keepdim=True)
        hits += int((names @ colour).argmax() == scenes.colours[n, k])
        count += 1
    assert hits > 0.95 * count


def test_kinds_colours_and_activities_are_about_as_frequent_as_each_other(scenes):
    shapes, colours = scenes.kinds[:, :NUM_SHAPES], scenes.colours
    some = ((scenes.activities, 5), (shapes[shapes > 0], 3), (colours[colours >= 0], 4))
    for values, number in some:
        shares = torch.bincount(values, minlength=number).float() / len(values)
        shares = shares[shares > 0]
        assert len(shares) == number
        assert (shares - 1 / number).abs().max() < 0.07


def test_objects_hide_parts_of_each_other(scenes):
    boxes, there = scenes.boxes, scenes.kinds > 0
    low = torch.maximum(boxes[:, :, None, :2], boxes[:, None, :, :2])
    high = torch.minimum(boxes[:, :, None, 2:], boxes[:, None, :, 2:])
    overlap = (high > low).all(dim=-1) & there[:, :, None] & there[:, None]
    assert 0.5 < (overlap.sum((1, 2)) > there.sum(dim=1)).float().mean() < 1


def test_of_every_object_a_third_can_be_seen(monkeypatch):
    drawn = []

    def watched(inside: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        drawn.append((inside, topmost(inside, generator)))
        return drawn[-1][1]

    topmost = scenes_module._topmost
    monkeypatch.setattr(scenes_module, "_topmost", watched)
    kept = draw(100, seed=11).objects
    left_out = 0
    for inside, objects in drawn:
        for masks, seen in zip(inside, objects, strict=True):
            shares = [
                (seen == k + 1).sum() / mask.sum() for k, mask in enumerate(masks) if mask.any()
            ]
            if (kept == seen).all(dim=2).all(dim=1).any():
                assert min(shares) >= 1 / 3
            left_out += min(shares) < 1 / 3
    assert left_out > 0


@given(arrays(bool, st.tuples(*[st.integers(1, 9)] * 3)))
def test_boxes_of_any_masks(masks):
    expected = [literal_box(mask) for mask in masks]
    assert boxes_of(torch.tensor(masks)).tolist() == expected


def test_what_is_no_number_and_no_mask_is_refused(refuses):
    for number in (0, -3, 2.5):
        with refuses(f"num_scenes must be a positive integer, got {number}"):
            draw(number)  # pyright: ignore[reportArgumentType]
    for masks in (torch.zeros(3, 3), torch.zeros(3, dtype=torch.bool), torch.zeros(0, 3) > 0):
        with refuses("masks must be bool (…, height, width), got"):
            boxes_of(masks)
