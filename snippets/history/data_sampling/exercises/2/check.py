import numpy as np
import torch
from skimage.measure import block_reduce

CASES = {"one image of 4×4": (1, 4, 4, 2), "two of 4×6": (2, 4, 6, 2), "one of 9×3": (1, 9, 3, 3)}


def check(count):
    for name, (number, height, width, block) in CASES.items():
        generator = torch.Generator().manual_seed(height)
        bitmaps = torch.randint(2, (number, height, width), generator=generator).double()
        expected = block_reduce(bitmaps.numpy(), (1, block, block), np.mean)
        yield (
            f"{name}, block={block}: {bitmaps.int().tolist()}",
            count(bitmaps, block=block),
            expected,
        )
