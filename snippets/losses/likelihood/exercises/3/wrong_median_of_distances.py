"""The centre is a median, the scale is not. Which b makes log 2b + (sum of distances) / (N b)
smallest? Set its derivative to zero.
"""


def fit_laplace(targets):
    centre = targets.median()
    return centre.item(), (targets - centre).abs().median().item()
