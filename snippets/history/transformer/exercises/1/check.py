import numpy as np
import torch


def check(several_looks):
    random = np.random.default_rng(0)
    for num_heads, batch, query, key, d_k in [(1, 1, 3, 2, 2), (2, 2, 4, 4, 3), (4, 1, 2, 5, 2)]:
        q, k, v = (random.normal(size=(batch, n, num_heads * d_k)) for n in (query, key, key))
        expected = np.zeros_like(q)
        for h in range(num_heads):
            own = slice(h * d_k, (h + 1) * d_k)
            for b in range(batch):
                for i in range(query):
                    scores = np.array([q[b, i, own] @ k[b, j, own] for j in range(key)])
                    weights = np.exp(scores / np.sqrt(d_k))
                    expected[b, i, own] = weights @ v[b, :, own] / weights.sum()
        got = several_looks(*(torch.tensor(x) for x in (q, k, v)), num_heads)
        yield f"{num_heads} heads, {query} queries, {key} keys", got, expected
