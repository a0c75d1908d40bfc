"""Only the heads were counted, and under them the largest candidate always wins. Each tail has a
probability too, and it falls as that of heads rises.
"""


def most_likely(candidates, flips):
    return candidates[(flips.sum() * candidates.log()).argmax()]
