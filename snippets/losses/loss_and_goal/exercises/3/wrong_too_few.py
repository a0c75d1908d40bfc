"""One of the ill is missing: the number needed was rounded down, or a quantile was interpolated
between two of them. The part that is wanted is a lower bound.
"""


def threshold_for_recall(chances, ill, *, wanted):
    return chances[ill == 1].quantile(1 - wanted).item()
