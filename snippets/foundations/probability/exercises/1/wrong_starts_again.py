"""Each test starts again from the base rate, so only the last one counts. After a test, the
posterior is the prior of the next.
"""


def probability_ill(base_rate, results, *, if_ill, if_healthy):
    probability = base_rate
    for positive in results:
        ill = base_rate * (if_ill if positive else 1 - if_ill)
        healthy = (1 - base_rate) * (if_healthy if positive else 1 - if_healthy)
        probability = ill / (ill + healthy)
    return probability
