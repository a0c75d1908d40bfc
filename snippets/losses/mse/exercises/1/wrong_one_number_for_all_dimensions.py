"""One number was taken over all dimensions. They may have different units: each dimension has its
own best number, taken over its examples only.
"""


def best_for_mse(targets):
    return targets.mean()


def best_for_l1(targets):
    return targets.median()
