"""`reshape` to (batch, head, time, d_k) cuts the list of all numbers where it likes: a head gets
whole vectors of some words, not a part of each word's vector. Split the last axis, then swap two
axes.
"""


def several_looks(q, k, v, num_heads):
    q, k, v = (x.reshape(len(x), num_heads, x.shape[1], -1) for x in (q, k, v))
    scores = q @ k.mT / q.shape[-1] ** 0.5
    return (scores.softmax(dim=-1) @ v).transpose(1, 2).flatten(2)
