"""No word may look at itself, so the first has nothing to look at, and the softmax of its row
divides zero by zero. The decoder's input stands one place later than what it guesses: a word gives
away nothing.
"""

import torch


def may_look(words):
    time = words.shape[1]
    return (words != 0)[:, None] & torch.ones(time, time, dtype=torch.bool).tril(-1)
