from itertools import pairwise

import torch

from dlbasic.history.transformer import attention

generator = torch.Generator().manual_seed(0)
keys = 16
print("                          without the root           with the root")
print("d_k   variance of q·k   largest       slope       largest       slope")
table = {}
for d_k in (4, 16, 64, 256, 1024):
    q = torch.randn(2000, 1, d_k, generator=generator)
    k = torch.randn(2000, keys, d_k, generator=generator)
    identity = torch.eye(keys).expand(2000, keys, keys)
    variance = (q @ k.mT).var().item()
    row = []
    for factor in (d_k**0.5, 1.0):  # the first undoes the division
        weights = attention(factor * q, k, identity)
        largest = weights.amax(-1).mean().item()
        slope = (weights * (1 - weights)).mean().item()  # of a weight by its own score
        row += [largest, slope]
    table[d_k] = row
    print(f"{d_k:4} {variance:14.1f} {row[0]:12.2f} {row[1]:11.5f} {row[2]:13.2f} {row[3]:11.5f}")
    assert abs(variance / d_k - 1) < 0.1

without = [table[d_k][1] for d_k in table]
assert all(after < before for before, after in pairwise(without))
assert table[1024][1] < 0.15 * table[4][1]
assert 0.8 < table[1024][3] / table[4][3] < 1.25
