"""The probabilities are right, but they are still sorted: the first one is that of the likeliest
token, whichever it is. Put each back where its token stands.
"""


def nucleus(logits, *, top_p):
    p, _ = logits.softmax(dim=0).sort(descending=True)
    kept = p * (p.cumsum(dim=0) - p < top_p)
    return kept / kept.sum()
