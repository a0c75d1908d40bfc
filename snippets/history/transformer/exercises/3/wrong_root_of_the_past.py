"""The scores are divided by the root of the number of words. It is the length of the vectors that
makes dot products large, not how many there are.
"""

import torch


def look_back(q, k, v, keys, values):
    keys = torch.cat([keys, k[:, None]], dim=1)
    values = torch.cat([values, v[:, None]], dim=1)
    scores = q[:, None] @ keys.mT / keys.shape[1] ** 0.5
    return (scores.softmax(dim=2) @ values)[:, 0], keys, values
