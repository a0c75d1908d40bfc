"""The numbers 1/p were averaged, not the surprises. Cross-entropy averages logarithms:
take them first, average, and turn the average back into a number of tokens.
"""


def perplexity(probabilities):
    return (1 / probabilities).mean()
