import numpy as np
import torch


def check(look):
    random = np.random.default_rng(0)
    for batch, source, dim in [(1, 1, 2), (2, 4, 3), (3, 5, 2)]:
        s, h = random.normal(size=(batch, dim)), random.normal(size=(batch, source, 2 * dim))
        weights = [random.normal(size=size) for size in ((dim, dim), (dim, 2 * dim), (dim,))]
        lengths = 1 + np.arange(batch) % source
        alpha, context = np.zeros((batch, source)), np.zeros((batch, 2 * dim))
        for n, length in enumerate(lengths):
            for j in range(length):
                hidden = np.tanh(weights[0] @ s[n] + weights[1] @ h[n, j])
                alpha[n, j] = np.exp(weights[2] @ hidden)
            alpha[n] /= alpha[n].sum()
            context[n] = alpha[n] @ h[n]
        real = torch.tensor(np.arange(source) < lengths[:, None])
        tensors = [torch.tensor(each) for each in (s, h)]
        got = look(*tensors, real, tuple(map(torch.tensor, weights)))
        yield f"alpha of {batch} x {source} words", got[0], alpha
        yield f"context of {batch} x {source} words", got[1], context
