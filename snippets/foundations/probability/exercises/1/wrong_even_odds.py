"""You start as if half of all people were ill. The tests only multiply; what they multiply is the
probability before the first of them.
"""


def probability_ill(base_rate, results, *, if_ill, if_healthy):
    ill, healthy = 0.5, 0.5
    for positive in results:
        ill *= if_ill if positive else 1 - if_ill
        healthy *= if_healthy if positive else 1 - if_healthy
    return ill / (ill + healthy)
