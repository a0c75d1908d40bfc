"""The average starts at the first value instead of zero. It is no longer too small, but this one
value then weighs as much as many of the later ones. Start at zero, and divide by the weight so far.
"""

import torch


def smooth(values, *, beta):
    average, seen = values[0], []
    for value in values:
        average = beta * average + (1 - beta) * value
        seen.append(average)
    return torch.stack(seen)
