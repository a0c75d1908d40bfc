"""The token that crosses top_p was left out, so the kept ones do not reach it; if the likeliest
token alone is above top_p, nothing is left at all. Compare what comes before each token.
"""

import torch


def nucleus(logits, *, top_p):
    p, order = logits.softmax(dim=0).sort(descending=True)
    kept = torch.zeros_like(p)
    kept[order] = p * (p.cumsum(dim=0) < top_p)
    return kept / kept.sum()
