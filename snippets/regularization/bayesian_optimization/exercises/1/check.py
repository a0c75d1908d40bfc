import torch
from scipy.stats import norm

CASES = [(0.0, 1.0, 0.0), (1.0, 2.0, 0.0), (-1.0, 0.5, 0.3), (3.0, 0.5, 2.0)]


def check(probability_of_improvement):
    for mean, std, best in CASES:
        got = probability_of_improvement(torch.tensor([mean]), torch.tensor([std]), best=best)
        yield f"mean {mean}, std {std}, best {best}", got, norm(mean, std).cdf([best])
