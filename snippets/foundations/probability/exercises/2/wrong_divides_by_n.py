"""Your variance divides by the number of examples n, as `numpy.std` does unless it is told
otherwise. The mean came from the same examples, and that costs one of them.
"""


def gain(first, second):
    difference = second.double() - first.double()
    return difference.mean().item(), difference.std(correction=0).item() / len(difference) ** 0.5
