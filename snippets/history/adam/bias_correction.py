from functools import partial

import matplotlib.pyplot as plt
import torch

from dlbasic.history.adam import Adam, dense_problem, race

RATES = [10 ** (k / 2) for k in range(-7, 2)]  # 0.0003, 0.001, ... 3
BETAS = [0.99, 0.999, 0.9999]
runs = [
    partial(Adam, learning_rate=rate, beta2=beta2, bias_correction=correct)
    for correct in (True, False)
    for beta2 in BETAS
    for rate in RATES
]

results = [race(runs, *dense_problem(), steps=100, seed=seed) for seed in range(10)]
losses = torch.stack([result.losses for result in results]).mean(0)
valleys = dict(zip(("with", "without"), losses.view(2, len(BETAS), len(RATES)), strict=True))
best = {}
figure, panels = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True, layout="constrained")
print("correction    beta2   best rate   loss there   loss at 0.3")
for panel, (correction, valley) in zip(panels, valleys.items(), strict=True):
    for beta2, row in zip(BETAS, valley, strict=True):
        best[correction, beta2] = RATES[row.argmin()]
        rate, lowest = best[correction, beta2], row.min()
        print(f"{correction:10} {beta2:8} {rate:11.2f} {lowest:12.3f} {row[6]:13.3f}")
        panel.plot(RATES, row, marker=".", label=f"β2 = {beta2}")
    panel.set(title=f"{correction} bias correction", xlabel="learning rate")
    panel.set(xscale="log", yscale="log")
panels[0].set(ylabel="training loss (nats)")
panels[1].legend()
plt.show()

assert len({best["with", beta2] for beta2 in BETAS}) == 1  # β2 does not move the best rate
assert best["without", 0.99] > 2 * best["without", 0.9999]
assert valleys["without"][2, 6] > 3 * valleys["with"][2, 6]
assert 0.6 < valleys["without"].min() / valleys["with"].min() < 1.5  # a tie, once tuned
