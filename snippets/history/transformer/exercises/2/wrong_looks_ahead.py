"""Every word looks at what comes after it, which it should guess, and not at what was before. The
query is the row, the key is the column: which triangle is allowed?
"""

import torch


def may_look(words):
    time = words.shape[1]
    return (words != 0)[:, None] & torch.ones(time, time, dtype=torch.bool).triu()
