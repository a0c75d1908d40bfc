"""The variance is divided by the number of features less one, as `Tensor.var` does unless told
otherwise. Here it is the mean squared distance.
"""


def layer_norm(x, gamma, beta, *, epsilon=1e-5):
    mu, variance = x.mean(dim=1, keepdim=True), x.var(dim=1, keepdim=True)
    return gamma * (x - mu) / (variance + epsilon).sqrt() + beta
