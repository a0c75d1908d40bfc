"""A class that is in neither the truth nor the prediction got a score of 0, as if it had been
missed. Nothing can be said about it: 0/0 must stay undefined, and out of every mean.
"""


def dice(counts):
    sizes = counts.sum(dim=0) + counts.sum(dim=1)
    return 2 * counts.diag() / sizes.clamp(min=1)
