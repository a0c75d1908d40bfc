"""What becomes of synthetic frames: against scikit-image, and what each step is for."""

import pytest
import torch
from skimage.color import rgb2yuv
from skimage.transform import resize

from dlbasic.data.atari import preprocess


def frames(seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(256, (16, 210, 160, 3), generator=generator, dtype=torch.uint8)


def test_luminance_and_size_are_those_of_scikit_image():
    raw = frames()
    for k, got in enumerate(preprocess(raw)):
        brighter = torch.maximum(raw[4 * k + 3], raw[4 * k + 2])
        luminance = 255 * rgb2yuv(brighter.numpy())[..., 0]
        expected = resize(luminance, (84, 84), order=1, mode="edge", anti_aliasing=False)
        torch.testing.assert_close(got.double(), torch.tensor(expected), rtol=0, atol=1e-4)


@pytest.mark.parametrize("index", range(16))
def test_every_fourth_frame_and_the_one_before_it_are_seen(index):
    raw = torch.zeros(16, 210, 160, 3, dtype=torch.uint8)
    raw[index] = 200
    expected = torch.zeros(4)
    if index % 4 >= 2:
        expected[index // 4] = 200
    torch.testing.assert_close(preprocess(raw).amax(dim=(1, 2)), expected, rtol=1e-5, atol=0)


def test_a_sprite_that_flickers_is_kept():
    raw = torch.zeros(16, 210, 160, 3, dtype=torch.uint8)
    raw[::2, 100:120, 60:80] = 255
    expected = torch.full((4,), 255.0)
    torch.testing.assert_close(preprocess(raw).amax(dim=(1, 2)), expected)


def test_green_is_brighter_than_red_and_red_than_blue():
    colours = 255 * torch.eye(3, dtype=torch.uint8)
    red, green, blue = (preprocess(colour.expand(16, 210, 160, 3)).mean() for colour in colours)
    assert green > red > blue
    assert (red + green + blue).item() == pytest.approx(255, rel=1e-6)


def test_refuses_what_is_no_frames(refuses):
    for bad in (frames()[:15], frames().float(), frames()[..., :1], frames()[0]):
        with refuses("frames must be uint8 (16, height, width, 3), got torch."):
            preprocess(bad)
