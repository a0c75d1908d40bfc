"""`above = point` makes a second name, not a second array: both names are moved up and down again,
and the two values of the function are the same. Two arrays are needed.
"""

import numpy as np


def numerical_gradient(function, point, step):
    gradient = np.zeros(point.shape)
    for i in np.ndindex(point.shape):
        above, below = point, point
        above[i] += step
        below[i] -= step
        gradient[i] = (function(above) - function(below)) / (2 * step)
    return gradient
