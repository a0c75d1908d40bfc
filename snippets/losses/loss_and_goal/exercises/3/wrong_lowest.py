"""Enough of the ill are found, as they are at every lower threshold too: this is the first of them
from below, and it calls everybody ill. Search from above.
"""


def threshold_for_recall(chances, ill, *, wanted):
    for threshold in chances.sort().values:
        if (chances[ill == 1] >= threshold).double().mean() >= wanted:
            return threshold.item()
    return 0.0
