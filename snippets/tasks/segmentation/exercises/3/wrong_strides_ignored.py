"""Every kernel was counted in pixels. After a stride of 2, neighbours of the map lie 2 pixels
apart, and a kernel reaches twice as far: keep the distance, and multiply by it.
"""


def receptive_field(layers):
    return 1 + sum(kernel - 1 for kernel, _ in layers)
