"""What is padding has not been asked. Words before it cannot see it, but its own rows do, and where
a mask without the triangle is needed, in the encoder, all words would.
"""

import torch


def may_look(words):
    time = words.shape[1]
    return torch.ones(time, time, dtype=torch.bool).tril().expand(len(words), -1, -1)
