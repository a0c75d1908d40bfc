"""Made of smaller operations, the sigmoid has the right slope, but far out the exponential in it
overflows and is refused. Write one operation, whose `forward` works on arrays.
"""


def sigmoid(x):
    return 1 / (1 + (-x).exp())
