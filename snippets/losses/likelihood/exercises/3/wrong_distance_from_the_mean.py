"""The centre is right, and the scale was measured from another one. The NLL holds the distances
from the centre that was chosen, not from the mean.
"""


def fit_laplace(targets):
    return targets.median().item(), (targets - targets.mean()).abs().mean().item()
