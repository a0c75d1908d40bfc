"""The energy of padding was set to zero. Its exponential is one, so padding still gets a weight.
Which energy has the exponential zero?
"""

import torch


def look(s, h, real, weights):
    w, u, v = weights
    energies = torch.tanh((s @ w.T)[:, None] + h @ u.T) @ v
    alpha = energies.masked_fill(~real, 0.0).softmax(dim=1)
    return alpha, (alpha[:, :, None] * h).sum(dim=1)
