import numpy as np
import torch

from dlbasic.data.digits import load_digits


def check(standardize):
    images = torch.randn(5, 2, 3, generator=torch.Generator().manual_seed(0)) * 3 + 7
    pixels = images.numpy()
    expected = (pixels - pixels.mean(axis=0)) / pixels.std(axis=0, ddof=1)
    got = standardize(images)
    yield (
        "the shape of standardize(images), of 5 images of 2 × 3 pixels",
        tuple(got.shape),
        (5, 2, 3),
    )
    yield "the first image of standardize(images)", got[0], expected[0]
    yield "standardize(images)", got, expected
    square = images[:2, :, :2]  # as many images as rows and columns
    pixels = square.numpy()
    expected = (pixels - pixels.mean(axis=0)) / pixels.std(axis=0, ddof=1)
    yield "standardize of 2 images of 2 × 2 pixels", standardize(square), expected
    digits, _ = load_digits()
    result = standardize(digits)
    yield "standardize(digits)[:, 0, 0], where no digit has ink", result[:, 0, 0], np.zeros(1797)
    yield "standardize(digits)[:, 3, 3].std()", result[:, 3, 3].std(), 1.0
