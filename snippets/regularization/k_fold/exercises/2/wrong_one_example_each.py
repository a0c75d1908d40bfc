"""Each example was held out alone, while others of its group stayed in training. A model may then
recognize the writer instead of reading the digit: hold out the whole group.
"""


def leave_groups_out(groups):
    count = len(groups)
    return [([i for i in range(count) if i != k], [k]) for k in range(count)]
