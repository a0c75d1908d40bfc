from scipy.stats import binomtest


def check(by_chance):
    for wins, seeds in [(9, 10), (10, 10), (8, 10), (5, 10), (1, 10), (0, 4), (11, 20), (2, 3)]:
        expected = binomtest(wins, seeds, 0.5).pvalue
        yield f"by_chance({wins}, {seeds})", by_chance(wins, seeds), expected
