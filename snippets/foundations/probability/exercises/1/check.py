from itertools import product

CASES = [
    (0.5, [True], 0.9, 0.2),
    (0.01, [True], 0.99, 0.05),
    (0.01, [], 0.99, 0.05),
    (0.01, [True, True], 0.99, 0.05),
    (0.2, [True, False], 0.9, 0.3),
    (0.2, [False, False, True], 0.7, 0.1),
]


def among_all_outcomes(base_rate, results, if_ill, if_healthy):
    share = {True: 0.0, False: 0.0}  # of the people who get exactly these results
    for ill, *outcome in product([True, False], repeat=1 + len(results)):
        if outcome == results:
            chance = if_ill if ill else if_healthy
            share[ill] = base_rate if ill else 1 - base_rate
            for positive in outcome:
                share[ill] *= chance if positive else 1 - chance
    return share[True] / (share[True] + share[False])


def check(probability_ill):
    for base_rate, results, if_ill, if_healthy in CASES:
        call = f"{base_rate}, {results}, if_ill={if_ill}, if_healthy={if_healthy}"
        got = probability_ill(base_rate, list(results), if_ill=if_ill, if_healthy=if_healthy)
        expected = among_all_outcomes(base_rate, results, if_ill, if_healthy)
        yield f"probability_ill({call})", got, expected
