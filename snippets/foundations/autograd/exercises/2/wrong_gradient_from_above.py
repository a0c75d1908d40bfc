"""This is the slope of the sigmoid alone, whatever follows it. The chain rule also asks what the
loss makes of the output: that is the first thing that `backward` receives.
"""

import numpy as np

from dlbasic.foundations.autograd import operate


def sigmoid(x):
    return operate("sigmoid", lambda a: 1 / (1 + np.exp(-a)), lambda g, y, a: (y * (1 - y),), x)
