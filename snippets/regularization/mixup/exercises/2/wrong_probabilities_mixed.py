"""The logarithm is taken of the mixed probability. The loss is linear in the targets, not in the
probabilities: weigh the logarithms.
"""


def mixup_loss(logits, first, second, weights):
    p = logits.softmax(dim=1)
    of_first, of_second = (p.gather(1, part[:, None])[:, 0] for part in (first, second))
    return -(weights * of_first + (1 - weights) * of_second).log().mean()
