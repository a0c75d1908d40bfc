from math import comb


def by_chance(wins: int, seeds: int) -> float:
    """How likely it is that a coin gives a split as uneven as this one, or more, to either side."""
    more = max(wins, seeds - wins)
    tail = sum(comb(seeds, k) for k in range(more, seeds + 1)) / 2**seeds
    return min(1.0, 2 * tail)


for wins in range(5, 11):
    print(f"{wins:2} of 10: {by_chance(wins, 10):.3f}")
assert by_chance(9, 10) < 0.05 < by_chance(8, 10)
