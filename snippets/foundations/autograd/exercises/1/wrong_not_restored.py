"""The number that was moved is still moved when the next one has its turn, so the later slopes
belong to another point. After each number, the array must be as it was.
"""

import numpy as np


def numerical_gradient(function, point, step):
    gradient = np.zeros(point.shape)
    for i in np.ndindex(point.shape):
        point[i] += step
        above = function(point)
        point[i] -= 2 * step
        gradient[i] = (above - function(point)) / (2 * step)
    return gradient
