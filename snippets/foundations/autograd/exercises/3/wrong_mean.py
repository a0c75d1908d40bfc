"""Uses add up, they are not averaged: a number that serves a hundred pixels moves the loss a
hundred times. If the loss is a mean, that division is already in the gradient of the output.
"""


def scale_and_shift_gradients(gradient, images, scale):
    for_scale = (gradient * images).mean(axis=(0, 2, 3)).reshape(scale.shape)
    for_shift = gradient.mean(axis=(0, 2, 3)).reshape(scale.shape)
    return gradient * scale, for_scale, for_shift
