"""The probability was formed before its logarithm. For a large logit it rounds to 0 or 1, and the
logarithm is infinite. Bring the logarithm into the formula of the sigmoid first.
"""


def binary_cross_entropy(logits, targets):
    p = logits.sigmoid()
    return -(targets * p.log() + (1 - targets) * (1 - p).log()).mean()
