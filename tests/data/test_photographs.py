"""Photographs are scikit-image's, colours shift along their components, and digits move."""

import math
import socket

import pytest
import torch
from skimage import data

from dlbasic.data.mnist import load_mnist
from dlbasic.data.photographs import (
    PHOTOGRAPHS,
    colour_components,
    digits_on_textures,
    photograph,
    shift_colours,
)


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_a_photograph_ships_with_the_package_and_is_square(name, monkeypatch):
    def no_network(*_):
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    image = photograph(name)
    assert image.shape == (1, 3, 256, 256)
    assert image.min() >= 0
    assert image.max() <= 1
    whole = torch.tensor(getattr(data, name)()).double() / 255
    height, width, _ = whole.shape
    left = (width - height) // 2
    expected = whole[:, left : left + height].mean((0, 1))
    torch.testing.assert_close(image.double().mean((0, 2, 3)), expected, rtol=0.02, atol=0)


def test_a_photograph_of_its_own_size_is_the_middle_of_it():
    whole = torch.tensor(data.coffee()).permute(2, 0, 1) / 255
    torch.testing.assert_close(photograph("coffee", size=400)[0], whole[:, :, 100:500])


def test_refuses_other_names_and_sizes(refuses):
    with refuses("name must be one of astronaut, chelsea, coffee, rocket, got cat"):
        photograph("cat")
    with refuses("size must be positive, got 0"):
        photograph("coffee", size=0)


class TestColours:
    images = torch.cat([photograph("coffee", size=32), photograph("chelsea", size=32)]).double()

    def test_the_components_rebuild_the_covariance_of_the_colours(self):
        eigenvalues, p = colour_components(self.images)
        pixels = self.images.movedim(1, 3).reshape(-1, 3)
        centred = pixels - pixels.mean(0)
        covariance = centred.T @ centred / (len(pixels) - 1)
        rebuilt = p @ torch.diag(eigenvalues) @ p.T
        torch.testing.assert_close(rebuilt, covariance, rtol=1e-10, atol=1e-14)

    def test_one_colour_is_added_to_all_pixels_of_an_image(self):
        generator = torch.Generator().manual_seed(0)
        components = colour_components(self.images)
        shift = shift_colours(self.images, components, generator=generator) - self.images
        torch.testing.assert_close(shift, shift[:, :, :1, :1].expand_as(shift))
        assert not torch.allclose(shift[0], shift[1])

    def test_along_a_component_the_deviation_is_a_tenth_of_its_eigenvalue(self):
        eigenvalues, p = colour_components(self.images)
        grey = torch.zeros(20_000, 3, 1, 1, dtype=torch.float64)
        generator = torch.Generator().manual_seed(0)
        shift = shift_colours(grey, (eigenvalues, p), generator=generator).flatten(1) @ p
        torch.testing.assert_close(shift.std(0), 0.1 * eigenvalues, rtol=0.03, atol=0)
        torch.testing.assert_close(
            shift.mean(0) / eigenvalues, torch.zeros(3).double(), rtol=0, atol=0.005
        )

    def test_refuses_grey_images(self, refuses):
        for call in (
            lambda: colour_components(torch.zeros(1, 1, 2, 2)),
            lambda: shift_colours(
                torch.zeros(1, 1, 2, 2),
                (torch.zeros(3), torch.eye(3)),
                generator=torch.Generator(),
            ),
        ):
            with refuses("the channels of images must be three, got 1"):
                call()


class TestDigitsOnTextures:
    def test_shapes_mean_and_deviation(self):
        images, digits = digits_on_textures()
        assert images.shape == (5000, 1, 28, 28)
        assert digits.bincount().tolist() == [500] * 10
        assert images.mean().item() == pytest.approx(0, abs=1e-4)
        assert images.std().item() == pytest.approx(1, abs=1e-4)

    def test_without_texture_each_image_is_its_digit_moved(self):
        images, digits = digits_on_textures(contrast=0.0)
        ink, truth = load_mnist()
        images = images - images.min()
        images = images / images.max()
        for k in range(5):
            same = ink[truth == digits[k]]
            moved = torch.cat(
                [
                    same.roll((down, right), (1, 2))
                    for down in range(-2, 3)
                    for right in range(-2, 3)
                ]
            )
            assert (moved - images[k, 0]).abs().amax((1, 2)).min() < 1e-4

    def test_the_contrast_is_that_of_the_texture(self):
        plain, _ = digits_on_textures(contrast=0.0)
        strong, _ = digits_on_textures(contrast=100.0)
        scale = strong.std() / plain.std()
        assert scale.item() == pytest.approx(1, abs=1e-3)
        corner = strong[:, 0, 0, 0]  # nearly no ink there
        assert corner.std().item() == pytest.approx(1, abs=0.15)

    def test_the_seed_decides(self):
        first, again, other = (digits_on_textures(seed=seed)[0] for seed in (0, 0, 1))
        assert torch.equal(first, again)
        assert not torch.equal(first, other)

    @pytest.mark.parametrize("contrast", [-0.1, math.nan, math.inf])
    def test_refuses(self, contrast, refuses):
        with refuses(f"contrast must be 0 or more, finite, got {contrast}"):
            digits_on_textures(contrast=contrast)
