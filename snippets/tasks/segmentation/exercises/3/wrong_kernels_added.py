"""Two kernels of 3 see 5 pixels, not 6: they overlap at the one in the middle. A layer adds what
its kernel has beyond that one.
"""


def receptive_field(layers):
    width, step = 0, 1
    for kernel, stride in layers:
        width += kernel * step
        step *= stride
    return width
