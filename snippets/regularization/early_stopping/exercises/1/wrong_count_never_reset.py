"""The losses without improvement are counted over the whole training. Patience asks how many of
them came in a row: an improvement sets the count back to zero.
"""


def stopping_point(losses, *, patience):
    best, waited = 0, 0
    for index, loss in enumerate(losses[1:], start=1):
        if loss < losses[best]:
            best = index
        else:
            waited += 1
            if waited > patience:
                return index, best
    return len(losses) - 1, best
