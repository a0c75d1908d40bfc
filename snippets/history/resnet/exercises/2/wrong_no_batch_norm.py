"""The convolutions are all there, and what batch normalization learns is not: a scale and a shift
for each channel of every layer.
"""


def count_parameters(n, *, filters):
    total, before = 27 * filters, filters
    for width in (filters, 2 * filters, 4 * filters):
        total += 9 * before * width + (2 * n - 1) * 9 * width * width
        before = width
    return total + 10 * before + 10
