"""The largest advantage was taken off, so that `value` is the best Q. That is the first form in the
paper. In the one that it uses, `value` is the mean of the actions.
"""


def dueling_q(value, advantage):
    return value[:, None] + advantage - advantage.amax(dim=1, keepdim=True)
