"""The mean balances distances. The absolute error only counts how many targets lie on either side,
since each of them pulls equally hard: where are there as many above as below?
"""


def best_for_mse(targets):
    return targets.mean(dim=0)


def best_for_l1(targets):
    return targets.mean(dim=0)
