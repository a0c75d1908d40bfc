"""Your ways slip through a wall diagonally. Two pieces of paper that share a corner are two."""

import numpy as np
from scipy import ndimage


def count_holes(image):
    paper = np.pad(image.numpy() <= 0.5, 1, constant_values=True)
    return ndimage.label(paper, structure=np.ones((3, 3)))[1] - 1
