"""What comes back to be remembered is the newest key and value alone, so the next word sees two
words, however many there were. Return all of them.
"""

import torch


def look_back(q, k, v, keys, values):
    keys = torch.cat([keys, k[:, None]], dim=1)
    values = torch.cat([values, v[:, None]], dim=1)
    scores = q[:, None] @ keys.mT / q.shape[1] ** 0.5
    return (scores.softmax(dim=2) @ values)[:, 0], k[:, None], v[:, None]
