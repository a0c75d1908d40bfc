import numpy as np
import torch


def check(paste):
    for height, width, top, left, size in ((4, 6, 1, 2, 2), (5, 5, 3, 4, 3), (3, 8, 0, 5, 2)):
        image, other = np.zeros((height, width)), np.ones((height, width))
        expected = image.copy()
        for row in range(top, min(top + size, height)):
            for column in range(left, min(left + size, width)):
                expected[row, column] = 1
        part = expected.sum() / image.size
        tensors = (torch.tensor(x) for x in (image, other, np.array([1.0, 0]), np.array([0.0, 1])))
        got, target = paste(*tensors, top=top, left=left, size=size)
        where = f"{height}×{width}, square of {size} at row {top}, column {left}"
        yield f"image of {where}", got, expected
        yield f"target of {where}", target, np.array([1 - part, part])
