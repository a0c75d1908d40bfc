import numpy as np
import torch
from scipy.stats import mode


def check(shrink):
    generator = torch.Generator().manual_seed(0)
    for height, width, factor, classes in ((4, 4, 2, 2), (6, 9, 3, 5), (4, 8, 4, 3), (3, 2, 1, 5)):
        labels = torch.randint(classes, (height, width), generator=generator)
        blocks = [np.hsplit(rows, width // factor) for rows in np.vsplit(labels, height // factor)]
        expected = [[int(mode(block, axis=None).mode) for block in row] for row in blocks]
        what = f"shrink({labels.tolist()}, {factor})"
        yield what, shrink(labels, factor), torch.tensor(expected)
