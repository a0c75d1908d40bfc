"""The sum is right, and it was divided by all places, the empty ones included. The more padding,
the smaller the loss. Divide by the number of tokens.
"""


def padded_cross_entropy(logits, targets):
    classes = targets.clamp(min=0)[:, :, None]
    surprise = -logits.log_softmax(dim=2).gather(2, classes)[:, :, 0]
    return (surprise * (targets >= 0)).mean()
