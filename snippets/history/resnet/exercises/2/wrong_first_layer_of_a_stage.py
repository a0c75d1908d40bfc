"""Every layer of a stage is counted as if it were given as many channels as it makes. The first
one is given those of the stage before, half as many.
"""


def count_parameters(n, *, filters):
    total = 27 * filters + 2 * filters
    for width in (filters, 2 * filters, 4 * filters):
        total += 2 * n * (9 * width * width + 2 * width)
    return total + 40 * filters + 10
