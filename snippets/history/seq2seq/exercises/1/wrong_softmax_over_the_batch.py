"""The softmax runs over the sentences of the batch, so they share out the weight of a word among
them. The weights of one sentence must sum to one: the axis of its words is the second.
"""

import torch


def look(s, h, real, weights):
    w, u, v = weights
    energies = torch.tanh((s @ w.T)[:, None] + h @ u.T) @ v
    alpha = energies.softmax(dim=0) * real
    return alpha, (alpha[:, :, None] * h).sum(dim=1)
