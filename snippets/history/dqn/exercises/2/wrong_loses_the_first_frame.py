"""The first frame of an episode was replaced by zeros as well. It belongs to this episode: only
what came before it does not.
"""

import torch


def last_four(frames, begins, now):
    first = int(begins[: now + 1].nonzero().max()) + 1
    seen = frames[max(first, now - 3) : now + 1]
    return torch.cat([torch.zeros_like(frames[: 4 - len(seen)]), seen])
