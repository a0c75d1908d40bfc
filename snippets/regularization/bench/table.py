from functools import partial

import matplotlib.pyplot as plt
import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.batch_normalization import BatchNorm
from dlbasic.regularization.bench import learn, load_problem, trial
from dlbasic.regularization.dropout import Dropout
from dlbasic.regularization.early_stopping import EarlyStopping
from dlbasic.regularization.mixup import mixup
from dlbasic.regularization.weight_decay import AdamW

drop = {"insert": lambda width, generator: Dropout(0.7, generator=generator)}
norm = {"insert": lambda width, generator: BatchNorm(width)}
decay = {"optimizer": partial(AdamW, learning_rate=5e-3, decay=3.0)}
mix = {"mix": lambda x, y, generator: mixup(x, y, alpha=4.0, generator=generator)}
stop, four = {"stopping": partial(EarlyStopping, patience=3)}, {"members": 4}
TECHNIQUES = {
    **{"plain": {}, "dropout": drop, "early stopping": stop, "weight decay": decay},
    **{"batch normalization": norm, "mixup": mix, "ensemble of 4": four},
    **{"dropout + stopping": drop | stop, "dropout + decay": drop | decay},
    **{"dropout + mixup": drop | mix, "norm + stopping": norm | stop},
    **{"ensemble + stopping": four | stop},
}
rows = {name: torch.zeros(10, 6) for name in TECHNIQUES}
for seed in range(10):
    for name, technique in TECHNIQUES.items():
        r = trial(partial(learn, **technique), load_problem(seed=seed), seed=seed)
        row = r.train.loss, r.test.loss, r.gap, r.digits, r.test.calibration, r.seconds
        rows[name][seed] = torch.tensor(row)
print(" " * 20, "training loss  test loss    gap           digits right calibration  seconds")
figure, panels = plt.subplots(1, 2, figsize=(8, 4.6), sharey=True, layout="constrained")
for name, row in rows.items():
    *means, seconds = map(mean_over_seeds, row.T)
    print(f"{name:20}", *(f"{mean:5.2f}" for mean in means), f"{seconds.mean:4.1f}", sep="  ")
    for panel, color, k in (0, "C0", 0), (0, "C1", 1), (1, "C2", 3):
        panels[panel].errorbar(means[k].mean, name, xerr=means[k].half_width, fmt=f"{color}o")
panels[0].legend(["training", "test"], loc="lower right")
panels[0].set(xlabel="loss (nats)", ylim=(len(rows) - 0.5, -0.5))
panels[1].set(xlabel="part of the digits right")
plt.show()

more = {name: (row > rows["plain"]).sum(dim=0) for name, row in rows.items()}  # of ten seeds
assert max(more[name][1] for name in TECHNIQUES) <= 1  # all lower the test loss
assert min(more[name][0] for name in ("dropout", "early stopping", "weight decay", "mixup")) >= 9
assert more["batch normalization"][0] <= 1  # those are harder to train, and this is easier
for name in ("dropout", "weight decay", "mixup", "ensemble of 4", "ensemble + stopping"):
    assert more[name][3] >= 9  # these read more digits
assert (rows["dropout + decay"] < rows["dropout"])[:, 3].sum() >= 9  # too much together
