"""The weights are divided by the variance, and the layer divides by its square root, the standard
deviation.
"""


def fold(weight, bias, layer):
    scale = layer.gamma / (layer.running_variance + layer.epsilon)
    return scale[:, None] * weight, scale * (bias - layer.running_mean) + layer.beta
