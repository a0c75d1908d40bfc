def probability_ill(
    base_rate: float, results: list[bool], *, if_ill: float, if_healthy: float
) -> float:
    ill, healthy = base_rate, 1 - base_rate
    for positive in results:
        ill *= if_ill if positive else 1 - if_ill
        healthy *= if_healthy if positive else 1 - if_healthy
    return ill / (ill + healthy)


test = {"if_ill": 0.99, "if_healthy": 0.05}
print("results            ill")
for results in ([], [True], [True, True], [True, True, False], [True, True, True]):
    signs = " ".join("+" if positive else "-" for positive in results)
    print(f"{signs or 'none':10} {probability_ill(0.001, results, **test):10.2%}")

assert probability_ill(0.001, [True], **test) < 0.02
assert probability_ill(0.001, [True, True, True], **test) > 0.8
