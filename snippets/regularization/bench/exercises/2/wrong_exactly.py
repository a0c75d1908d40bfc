"""This is the chance of exactly that many wins, to either side. A split that is still more uneven
would have convinced you as well, so it counts too.
"""

from math import comb


def by_chance(wins, seeds):
    return min(1.0, 2 * comb(seeds, wins) / 2**seeds)
