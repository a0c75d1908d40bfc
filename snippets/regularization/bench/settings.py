from functools import partial

import torch

from dlbasic.regularization.bench import learn, load_problem, measure
from dlbasic.regularization.dropout import Dropout
from dlbasic.regularization.early_stopping import EarlyStopping
from dlbasic.regularization.mixup import mixup
from dlbasic.regularization.weight_decay import AdamW


def drop(width, generator, rate):
    return Dropout(rate, generator=generator)


def mix(inputs, targets, generator, alpha):
    return mixup(inputs, targets, alpha=alpha, generator=generator)


GRIDS = {
    "dropout, rate": {r: {"insert": partial(drop, rate=r)} for r in (0.5, 0.7, 0.8)},
    "weight decay": {
        d: {"optimizer": partial(AdamW, learning_rate=5e-3, decay=d)} for d in (1.0, 3.0, 9.0)
    },
    "mixup, alpha": {a: {"mix": partial(mix, alpha=a)} for a in (1.0, 4.0, 16.0)},
    "patience": {p: {"stopping": partial(EarlyStopping, patience=p)} for p in (1, 3, 9)},
}
USED = {"dropout, rate": 0.7, "weight decay": 3.0, "mixup, alpha": 4.0, "patience": 3}
SEEDS = (20, 21, 22)  # the comparison uses seeds 0 to 9

print("technique        setting: validation loss, mean of three other seeds")
for name, grid in GRIDS.items():
    losses = {}
    for value, technique in grid.items():
        runs = []
        for seed in SEEDS:
            problem = load_problem(seed=seed)
            inputs, targets, _ = problem.validation
            runs.append(measure(learn(problem, seed, **technique)(inputs), targets).loss)
        losses[value] = torch.tensor(runs).mean().item()
    print(f"{name:14}", *(f"{value:6}: {loss:.3f}" for value, loss in losses.items()), sep="  ")
    assert losses[USED[name]] < min(losses.values()) + 0.05
