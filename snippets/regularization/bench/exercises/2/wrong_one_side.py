"""Only wins were counted as uneven. Had the technique lost nine of ten, you would have published
that as harm: both sides count.
"""

from math import comb


def by_chance(wins, seeds):
    more = max(wins, seeds - wins)
    return sum(comb(seeds, k) for k in range(more, seeds + 1)) / 2**seeds
