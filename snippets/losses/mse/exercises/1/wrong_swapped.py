"""The two are swapped. Set the gradient of each loss to zero: one becomes a sum of residuals,
the other a count of their signs.
"""


def best_for_mse(targets):
    return targets.median(dim=0).values


def best_for_l1(targets):
    return targets.mean(dim=0)
