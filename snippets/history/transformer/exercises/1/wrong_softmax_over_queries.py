"""The weights of a key sum to one over the queries. The weights of a query must sum to one over the
keys, for it is the query that takes an average. Which axis has the keys?
"""


def several_looks(q, k, v, num_heads):
    q, k, v = (x.unflatten(2, (num_heads, -1)).transpose(1, 2) for x in (q, k, v))
    scores = q @ k.mT / q.shape[-1] ** 0.5
    return (scores.softmax(dim=-2) @ v).transpose(1, 2).flatten(2)
