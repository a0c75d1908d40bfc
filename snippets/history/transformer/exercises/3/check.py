import numpy as np
import torch


def check(look_back):
    random = np.random.default_rng(0)
    for batch, time, d_k in [(1, 1, 2), (2, 2, 3), (2, 5, 4)]:
        q, k, v = random.normal(size=(3, batch, time, d_k))
        keys = values = torch.zeros(batch, 0, d_k, dtype=torch.float64)
        for i in range(time):
            weights = np.exp(np.einsum("bd,bjd->bj", q[:, i], k[:, : i + 1]) / np.sqrt(d_k))
            weights /= weights.sum(1, keepdims=True)
            expected = np.einsum("bj,bjd->bd", weights, v[:, : i + 1])
            word = (torch.tensor(x[:, i]) for x in (q, k, v))
            got, keys, values = look_back(*word, keys, values)
            yield f"word {i + 1} of {time}, d_k = {d_k}", got, expected
        yield f"the {time} keys at the end", keys, k
        yield f"the {time} values at the end", values, v
