"""Of digits with as many votes you took the smallest. Which of them does the nearest image show?"""

import torch


def read_by_neighbours(images, digits, new, k):
    distances = torch.cdist(new.flatten(1), images.flatten(1))
    return digits[distances.argsort(dim=1)[:, :k]].mode(dim=1).values
