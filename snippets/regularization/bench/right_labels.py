from functools import partial

import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import learn, load_problem, trial
from dlbasic.regularization.dropout import Dropout
from dlbasic.regularization.early_stopping import EarlyStopping
from dlbasic.regularization.mixup import mixup
from dlbasic.regularization.weight_decay import AdamW

TECHNIQUES = {
    "plain": {},
    "dropout": {"insert": lambda width, generator: Dropout(0.7, generator=generator)},
    "early stopping": {"stopping": partial(EarlyStopping, patience=3)},
    "weight decay": {"optimizer": partial(AdamW, learning_rate=5e-3, decay=3.0)},
    "mixup": {"mix": lambda x, y, generator: mixup(x, y, alpha=4.0, generator=generator)},
    "ensemble of 4": {"members": 4},
}
rows = {name: torch.zeros(10, 4) for name in TECHNIQUES}
for seed in range(10):
    problem = load_problem(seed=seed, wrong=0.0)
    for name, technique in TECHNIQUES.items():
        r = trial(partial(learn, **technique), problem, seed=seed)
        rows[name][seed] = torch.tensor([r.train.loss, r.test.loss, r.digits, r.test.calibration])
print("all labels right      training loss    test loss        digits right     calibration")
for name, row in rows.items():
    means = (mean_over_seeds(column) for column in row.T)
    print(f"{name:20}", *(f"{mean:.3f}" for mean in means), sep="  ")
more = {name: (row > rows["plain"]).sum(dim=0) for name, row in rows.items()}  # of ten seeds
for name in ("dropout", "weight decay", "mixup"):
    assert more[name][:2].min() >= 9  # harder to learn, and worse on new digits
assert more["early stopping"][0] >= 9
assert more["ensemble of 4"][1] <= 1  # a lower loss on new digits, at four times the cost
