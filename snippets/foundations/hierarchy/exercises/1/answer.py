import numpy as np
import torch
from jaxtyping import Float
from scipy import ndimage
from torch import Tensor

from dlbasic.foundations.hierarchy import deal


def count_holes(image: Float[Tensor, "height width"]) -> int:
    paper = np.pad(image.numpy() <= 0.5, 1, constant_values=True)  # one outside, all around
    _, number = ndimage.label(paper)
    return number - 1


_, (images, digits), _ = deal(seed=0)
holes = torch.tensor([count_holes(image) for image in images])
for digit in (0, 1, 8):
    share = [(holes[digits == digit] == number).double().mean() for number in range(3)]
    print(f"{digit}:  " + "   ".join(f"{part:.2f} with {n}" for n, part in enumerate(share)))
assert (holes[digits == 0] == 1).double().mean() > 0.5
assert (holes[digits == 8] == 2).double().mean() < 0.5  # at 8×8 pixels many eyes are closed
