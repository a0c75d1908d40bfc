"""Two units are mixed: `log` measures the surprise in nats, and a power of 2 undoes bits.
The power must have the base of the logarithm.
"""


def perplexity(probabilities):
    return 2 ** (-probabilities.log().mean())
