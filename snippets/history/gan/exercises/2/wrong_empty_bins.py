"""A bin that is empty in one histogram, or in both, makes 0 times the logarithm of 0, or 0 / 0:
NaN. Such a term is worth 0, since x log x goes to 0 with x.
"""

import math


def jensen_shannon(p, q):
    best = p / (p + q)
    value = (p * best.log() + q * (1 - best).log()).sum()
    return (value + math.log(4)) / 2
