"""It goes back to where it stopped, which is past the best by the whole patience. The weights to
keep are those of the lowest loss.
"""


def stopping_point(losses, *, patience):
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best]:
            best = index
        elif index - best > patience:
            return index, index
    return len(losses) - 1, len(losses) - 1
