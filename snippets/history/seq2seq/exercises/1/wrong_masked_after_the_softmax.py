"""The weights of padding are removed after the softmax, and those that stay sum to less than one:
the context shrinks as the padding grows. Mask the energies, before the softmax.
"""

import torch


def look(s, h, real, weights):
    w, u, v = weights
    energies = torch.tanh((s @ w.T)[:, None] + h @ u.T) @ v
    alpha = energies.softmax(dim=1) * real
    return alpha, (alpha[:, :, None] * h).sum(dim=1)
