"""This is the average place. It is the best bet on the squared distance, but between two peaks
there is nothing to be found. Ask of each cell how much probability lies within its reach.
"""

import torch


def best_bet(probabilities, reach):
    rows, columns = (torch.arange(size) + 0.5 for size in probabilities.shape)
    rows, columns = rows.to(probabilities.dtype), columns.to(probabilities.dtype)
    return torch.stack([probabilities.sum(dim=0) @ columns, probabilities.sum(dim=1) @ rows])
