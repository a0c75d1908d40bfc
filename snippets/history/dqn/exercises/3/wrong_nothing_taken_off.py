"""Value and advantage were added and nothing was taken off. Then 5 more in one and 5 less in the
other is the same Q, and neither of the two means anything.
"""


def dueling_q(value, advantage):
    return value[:, None] + advantage
