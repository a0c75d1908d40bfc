"""The denominator is the union, in which the shared pixels are counted once. The sum of the two
sizes counts them twice; that is why the numerator has a 2.
"""


def dice(counts):
    intersections = counts.diag()
    return 2 * intersections / (counts.sum(dim=0) + counts.sum(dim=1) - intersections)
