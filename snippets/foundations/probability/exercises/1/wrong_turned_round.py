"""This is how probable the results are for somebody who is ill. Asked is how probable it is that
somebody with these results is ill: the healthy ones with the same results count too.
"""


def probability_ill(base_rate, results, *, if_ill, if_healthy):
    ill = 1.0
    for positive in results:
        ill *= if_ill if positive else 1 - if_ill
    return ill
