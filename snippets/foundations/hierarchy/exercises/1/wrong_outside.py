"""You counted the paper around the digit as a hole. Which piece of paper reaches the edge?"""

import numpy as np
from scipy import ndimage


def count_holes(image):
    return ndimage.label(np.pad(image.numpy() <= 0.5, 1, constant_values=True))[1]
