"""The bias of the linear map goes through the layer too: it is shifted by the running mean, and
scaled like the weights.
"""


def fold(weight, bias, layer):
    scale = layer.gamma / (layer.running_variance + layer.epsilon).sqrt()
    return scale[:, None] * weight, layer.beta - scale * layer.running_mean
