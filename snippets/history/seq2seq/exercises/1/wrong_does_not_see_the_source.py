"""The energies are made of the decoder's state alone, so all words of the source get the same: the
model cannot look for anything. The weights of a well-known tutorial did not see the source either,
for years. What is each h_j good for?
"""

import torch


def look(s, h, real, weights):
    w, _, v = weights
    energies = (torch.tanh(s @ w.T) @ v)[:, None].expand(real.shape)
    alpha = energies.masked_fill(~real, -torch.inf).softmax(dim=1)
    return alpha, (alpha[:, :, None] * h).sum(dim=1)
