"""A loss that equals the best one counts as an improvement. A loss that stays level then never ends
the training: only a lower loss sets the count back.
"""


def stopping_point(losses, *, patience):
    best = 0
    for index, loss in enumerate(losses):
        if loss <= losses[best]:
            best = index
        elif index - best > patience:
            return index, best
    return len(losses) - 1, best
