"""Mean and variance are taken over the batch, which is batch normalization. Take them over the
features of each example.
"""


def layer_norm(x, gamma, beta, *, epsilon=1e-5):
    mu, variance = x.mean(dim=0), x.var(dim=0, correction=0)
    return gamma * (x - mu) / (variance + epsilon).sqrt() + beta
