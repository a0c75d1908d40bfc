"""The rows of the padding are hidden, not its columns: padding looks at nothing, and its softmax
makes NaN, which spreads. It is the keys that must be real.
"""

import torch


def may_look(words):
    time = words.shape[1]
    return (words != 0)[:, :, None] & torch.ones(time, time, dtype=torch.bool).tril()
