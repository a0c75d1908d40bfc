import numpy as np
import torch


def check(hide):
    random = np.random.default_rng(0)
    for batch, time in [(1, 3), (4, 8), (30, 12)]:
        tokens, others = random.integers(4, 40, (2, batch, time + 3))
        tokens[:, 0], tokens[:, -2], tokens[:, -1] = 2, 3, 0
        choice, fate = random.random((2, batch, time + 3))
        choice **= 4  # more than half are below 0.15
        inputs, targets = tokens.copy(), np.full_like(tokens, -1)
        for row in range(batch):
            for place in range(1, time + 1):
                if choice[row, place] < 0.15:
                    targets[row, place] = tokens[row, place]
                    if fate[row, place] < 0.9:
                        hidden = fate[row, place] < 0.8
                        inputs[row, place] = 4 if hidden else others[row, place]
        given = (torch.tensor(each) for each in (tokens, choice, fate, others))
        got = hide(*given)
        yield f"inputs of {batch} x {time} tokens", got[0], inputs
        yield f"targets of {batch} x {time} tokens", got[1], targets
