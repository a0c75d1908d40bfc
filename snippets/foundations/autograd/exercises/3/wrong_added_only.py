"""The axis that broadcasting added in front is summed, but those that it stretched are not: one
number per channel served every pixel too, and each of those uses has a gradient.
"""


def scale_and_shift_gradients(gradient, images, scale):
    return gradient * scale, (gradient * images).sum(axis=0), gradient.sum(axis=0)
