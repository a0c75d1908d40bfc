from functools import partial
from math import comb

import matplotlib.pyplot as plt

from dlbasic.history.adam import Adam, dense_problem, race
from dlbasic.losses.loss_and_goal import mean_over_seeds

SEEDS, PROBLEM = 30, dense_problem()
runs = [race([partial(Adam, learning_rate=0.03)], *PROBLEM, seed=n) for n in range(SEEDS)]
accuracy = sorted(100 * run.accuracies.item() for run in runs)


def best_of(k):
    """Return the mean of the best of k runs, over every choice of k from all of them."""
    ways = [comb(better, k - 1) for better in range(SEEDS)]
    return sum(way * value for way, value in zip(ways, accuracy, strict=True)) / comb(SEEDS, k)


tries = range(1, 21)
best = [best_of(k) for k in tries]
honest = mean_over_seeds(accuracy)
print(f"mean of {SEEDS} runs  {honest:.1f} %")
for k in (1, 3, 10):
    print(f"best of {k:<10} {best_of(k):.1f} %")
assert abs(best_of(1) - honest.mean) < 1e-9
assert best_of(10) - honest.mean > 3 * honest.half_width

plt.figure(figsize=(6, 3.4), layout="constrained")
plt.plot(tries, best, marker=".", label="the best of them, on average")
low, high = honest.mean - honest.half_width, honest.mean + honest.half_width
plt.fill_between(tries, low, high, color="grey", alpha=0.4, label="the mean of all, ± 95%")
plt.xlabel("runs of the same program")
plt.ylabel("test accuracy (%)")
plt.xticks([1, 5, 10, 15, 20])
plt.legend(loc="center right")
plt.show()
