"""The frames are right and their order is not. The oldest comes first, or every ball flies
backwards.
"""

import torch


def last_four(frames, begins, now):
    first = int(begins[: now + 1].nonzero().max())
    seen = frames[max(first, now - 3) : now + 1]
    return torch.cat([torch.zeros_like(frames[: 4 - len(seen)]), seen]).flip(0)
