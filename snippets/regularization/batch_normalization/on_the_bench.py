from functools import partial

import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.batch_normalization import BatchNorm
from dlbasic.regularization.bench import fit, load_problem, predict, trial


def plain(problem, seed):
    return partial(predict, fit(problem.train, seed=seed))


def normalized(problem, seed):
    return partial(predict, fit(problem.train, seed=seed, insert=BatchNorm))


rows = torch.zeros(2, 10, 4)
for seed in range(10):
    problem = load_problem(seed=seed)
    for k, technique in enumerate([plain, normalized]):
        outcome = trial(technique, problem, seed=seed)
        train, test = outcome.train, outcome.test
        rows[k, seed] = torch.tensor([train.loss, test.loss, test.calibration, outcome.digits])

names = ["training loss", "test loss", "calibration error", "digits read right"]
print("10 seeds             without         with             difference      less with it, seeds")
for k, name in enumerate(names):
    before, after = rows[:, :, k]
    columns = [mean_over_seeds(values) for values in (before, after, after - before)]
    print(f"{name:18}", *(f"{column:.2f}" for column in columns), end="   ")
    print(f"{(after < before).sum().item():12}")

change = rows[1] - rows[0]
assert (change[:, 0] < 0).sum() >= 9  # the training loss is lower, not higher
assert (change[:, 1] < 0).sum() >= 9
read = mean_over_seeds(change[:, 3])
assert abs(read.mean) < 0.03  # and the digits are read no better
