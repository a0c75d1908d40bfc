from functools import partial

import matplotlib.pyplot as plt
import torch

from dlbasic.history.adam import Adam, dense_problem, race, sparse_problem

OPTIMIZERS = {
    "SGD": lambda theta, rate: torch.optim.SGD(theta, lr=rate),
    "momentum": lambda theta, rate: torch.optim.SGD(theta, lr=rate, momentum=0.9, nesterov=True),
    "AdaGrad": lambda theta, rate: torch.optim.Adagrad(theta, lr=rate),
    "RMSProp": lambda theta, rate: torch.optim.RMSprop(theta, lr=rate),
    "Adam": lambda theta, rate: Adam(theta, learning_rate=rate),
}
RATES = [10 ** (k / 2) for k in range(-4, 4)]  # 0.01, 0.03, 0.1, ... 30

figure, panels = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True, layout="constrained")
problems = {"words (sparse)": sparse_problem(), "pixels (dense)": dense_problem()}
loss, said = {}, {}
for panel, (problem, data) in zip(panels, problems.items(), strict=True):
    runs = [partial(make, rate=rate) for make in OPTIMIZERS.values() for rate in RATES]
    tuning = torch.stack([race(runs, *data, seed=seed).losses for seed in (10, 11, 12)])
    valleys = tuning.mean(0).view(len(OPTIMIZERS), len(RATES))
    best = valleys.argmin(1)
    assert 0 < best.min() <= best.max() < len(RATES) - 1  # no optimum hides beyond the grid
    tuned = [runs[k * len(RATES) + row] for k, row in enumerate(best)]
    results = torch.stack([torch.stack(race(tuned, *data, seed=seed)) for seed in range(10)])
    interval = 2.26 * results.std(0) / 10**0.5  # 95%: Student's t for 10 seeds
    wide = (valleys < 2 * valleys.amin(1, keepdim=True)).sum(1)
    print(f"{problem:15}  rate   training loss   held-out accuracy   good rates")
    for k, name in enumerate(OPTIMIZERS):
        (nats, hits), (nats_95, hits_95) = results[..., k].mean(0), interval[:, k]
        print(f"  {name:12} {RATES[best[k]]:6.2f}   {nats:.3f} ± {nats_95:.3f}", end="")
        print(f"       {hits:.3f} ± {hits_95:.3f} {wide[k]:12}")
        loss[name, problem[:5]] = nats
        said[name, problem[:5]] = f"{nats:.3f} ± {nats_95:.3f} with {name}"
        panel.plot(RATES, valleys[k], marker=".", label=name)
    assert wide[-1] <= wide[:-1].max() + 1  # the valley of Adam is no wider than the others
    panel.set(title=problem, xlabel="learning rate", xscale="log", yscale="log", ylim=(0.03, 4))
panels[0].set(ylabel="training loss (nats)")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=5)
plt.show()

assert loss["Adam", "words"] < 0.75 * loss["momentum", "words"]
assert loss["momentum", "words"] < loss["SGD", "words"]
assert loss["AdaGrad", "words"] < 0.95 * loss["Adam", "words"]
assert loss["AdaGrad", "pixel"] > loss["momentum", "pixel"]
assert 0.5 < loss["Adam", "pixel"] / loss["momentum", "pixel"] < 2
ends = [said["Adam", name] + ", " + said["momentum", name] for name in ("words", "pixel")]
print("\nmeasured: training loss on words", " and on pixels ".join(ends), "(10 seeds)")
