import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import fit, load_problem, predict, trial
from dlbasic.regularization.dropout import Dropout


def plain(problem, seed):
    network = fit(problem.train, seed=seed)
    return lambda inputs: predict(network, inputs)


def with_dropout(problem, seed):
    generator = torch.Generator().manual_seed(seed)
    network = fit(problem.train, seed=seed, insert=lambda _: Dropout(0.5, generator=generator))
    return lambda inputs: predict(network, inputs)


PROBLEMS = {
    "200 digits, 3 in 10 labels wrong": {"train": 200, "wrong": 0.3},
    "1,400 digits, all labels right": {"train": 1400, "wrong": 0.0},
}
better = {}
print("dropout less plain, 10 seeds       training loss    test loss       digits right")
for name, setting in PROBLEMS.items():
    rows = torch.zeros(2, 10, 3)
    for seed in range(10):
        problem = load_problem(seed=seed, **setting)
        for k, technique in enumerate((plain, with_dropout)):
            result = trial(technique, problem, seed=seed)
            rows[k, seed] = torch.tensor([result.train.loss, result.test.loss, result.digits])
    change = rows[1] - rows[0]
    print(f"{name:33}", *(f"{mean_over_seeds(column):6.3f}" for column in change.T), sep=" ")
    assert (change[:, 0] > 0).sum() >= 9  # harder to learn, whatever the problem
    better[name] = (change[:, 1] < 0).sum(), (change[:, 2] > 0).sum()
    if setting["wrong"] == 0:
        assert change[:, 1:].mean(dim=0).abs().max() < 0.1  # next to nothing, for better or worse
assert min(better["200 digits, 3 in 10 labels wrong"]) >= 9  # both, in 9 of 10 seeds
