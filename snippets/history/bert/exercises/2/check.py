import numpy as np
import torch


def check(masked_loss):
    random = np.random.default_rng(0)
    for batch, time, vocab in [(1, 2, 3), (3, 4, 5), (4, 9, 7)]:
        logits = 3 * random.normal(size=(batch, time, vocab))
        targets = np.where(random.random((batch, time)) < 0.4, 1, -1)
        targets *= random.integers(0, vocab, (batch, time)) * (targets > 0) + (targets < 0)
        targets[0, 0], targets[-1, -1] = 0, vocab - 1
        targets[0, 1:] = -1 if time > 2 else targets[0, 1:]
        surprises = []
        for row, place in zip(*np.nonzero(targets >= 0), strict=True):
            odds = np.exp(logits[row, place])
            surprises.append(-np.log(odds[targets[row, place]] / odds.sum()))
        got = masked_loss(torch.tensor(logits), torch.tensor(targets))
        yield f"loss at {len(surprises)} of {batch} x {time} places", got, np.mean(surprises)
