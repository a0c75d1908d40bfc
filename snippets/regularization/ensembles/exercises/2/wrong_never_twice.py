"""No member is chosen twice here. A member that is chosen again weighs more, and that is how
weights come about.
"""

import torch


def choose(probabilities, targets, *, count):
    chosen, total = [], torch.zeros_like(probabilities[0])
    for size in range(1, count + 1):
        losses = -(targets * ((total + probabilities) / size).log()).sum(dim=2).mean(dim=1)
        losses[chosen] = torch.inf
        chosen.append(int(losses.argmin()))
        total = total + probabilities[chosen[-1]]
    return chosen
