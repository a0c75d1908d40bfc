"""One term holds the rate itself, and it got the logarithm of the rate.
Take the logarithm of the probability factor by factor: which of them loses its exponential?
"""

import torch


def poisson_nll(log_rates, counts):
    return (log_rates - counts * log_rates + torch.lgamma(counts + 1)).sum(dim=1).mean()
