"""A layer was stretched by its own stride. The stride sets its places farther apart, which is
felt by the layers after it, not by the layer itself.
"""


def receptive_field(layers):
    side, step = 1, 1
    for size, stride in layers:
        step *= stride
        side += (size - 1) * step
    return side
