"""A block counts as one layer here, and it holds two: n blocks make 2n layers at each size."""


def count_parameters(n, *, filters):
    total, before = 29 * filters, filters
    for width in (filters, 2 * filters, 4 * filters):
        total += 9 * before * width + (n - 1) * 9 * width * width + 2 * n * width
        before = width
    return total + 10 * before + 10
