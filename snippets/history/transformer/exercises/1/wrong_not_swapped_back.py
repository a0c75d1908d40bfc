"""The heads are right, but they are put together while their axis still stands before that of the
words: a row then holds one head's results for several words. Which two axes must change places
first?
"""


def several_looks(q, k, v, num_heads):
    shape = q.shape
    q, k, v = (x.unflatten(2, (num_heads, -1)).transpose(1, 2) for x in (q, k, v))
    scores = q @ k.mT / q.shape[-1] ** 0.5
    return (scores.softmax(dim=-1) @ v).reshape(shape)
