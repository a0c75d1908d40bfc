"""The sums are right, but their axes are gone: with the shape (channel,), an update would broadcast
along the width. A gradient has the shape of what it is the gradient of.
"""


def scale_and_shift_gradients(gradient, images, scale):
    axes = (0, 2, 3)
    return gradient * scale, (gradient * images).sum(axis=axes), gradient.sum(axis=axes)
