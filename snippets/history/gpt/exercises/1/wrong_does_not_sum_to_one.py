"""The right tokens are kept, but their probabilities sum to less than one. What the others had must
be shared out among them, in proportion.
"""

import torch


def nucleus(logits, *, top_p):
    p, order = logits.softmax(dim=0).sort(descending=True)
    kept = torch.zeros_like(p)
    kept[order] = p * (p.cumsum(dim=0) - p < top_p)
    return kept
