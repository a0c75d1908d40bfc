"""The cells within reach form a square here: x and y were each compared with the reach.
A distance is the root of both squares together, and its cells form a disc.
"""

import torch


def best_bet(probabilities, reach):
    rows, columns = (torch.arange(size) + 0.5 for size in probabilities.shape)
    centres = torch.cartesian_prod(rows, columns).flip(1)
    distances = (centres[:, None] - centres).abs().amax(dim=2)
    chances = torch.where(distances <= reach, probabilities.flatten(), 0.0).sum(dim=1)
    return centres[chances.argmax()]
