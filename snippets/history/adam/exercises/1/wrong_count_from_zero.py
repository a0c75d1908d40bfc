"""The steps were counted from zero, so the first average is divided by 1 - beta**0, which is zero.
How many values does the average hold when it is corrected for the first time?
"""

import torch


def smooth(values, *, beta):
    average, seen = torch.zeros(()), []
    for t, value in enumerate(values):
        average = beta * average + (1 - beta) * value
        seen.append(average / (1 - beta**t))
    return torch.stack(seen)
