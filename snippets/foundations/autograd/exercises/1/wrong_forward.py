"""This is a forward difference: it looks at one side only, and its error is proportional to the
step. Look as far to the other side as well.
"""

import numpy as np


def numerical_gradient(function, point, step):
    gradient = np.zeros(point.shape)
    for i in np.ndindex(point.shape):
        shift = np.zeros(point.shape)
        shift[i] = step
        gradient[i] = (function(point + shift) - function(point)) / step
    return gradient
