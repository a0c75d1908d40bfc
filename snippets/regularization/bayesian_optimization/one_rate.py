from itertools import islice

import matplotlib.pyplot as plt
import torch

from dlbasic.regularization.bayesian_optimization import believe, search, tabulate
from dlbasic.regularization.bench import load_problem

axis = torch.linspace(0, 1, 49)[:, None]
rates = 10 ** (3.5 * axis[:, 0] - 4)
validation, _ = tabulate(load_problem(seed=0), rates, torch.zeros(49), seed=0)
losses = validation.tolist()
trials = list(islice(search(losses.__getitem__, axis, start=3, seed=2), 10))

figure, panels = plt.subplots(2, 4, figsize=(8, 4), sharex=True, sharey="row", height_ratios=[3, 1])
print("trials   learning rate tried last   its loss   lowest so far   unsure by, on average")
for (top, bottom), count in zip(panels.T, (3, 4, 6, 9), strict=True):
    tried = torch.tensor([trial.candidate for trial in trials[:count]])
    values = torch.tensor([trial.value for trial in trials[:count]])
    (mean, std), improvement = believe(axis, tried, values)
    last, doubt = trials[count - 1], std.mean()
    print(f"{count:6} {rates[last.candidate]:26.5f} {last.value:10.3f}", end="")
    print(f" {values.min():15.3f} {doubt:23.3f}")
    top.fill_between(rates, mean - 2 * std, mean + 2 * std, color="C0", alpha=0.2, linewidth=0)
    top.plot(rates, mean, color="C0")
    top.plot(rates, losses, color="C1", linestyle="dotted")
    top.plot(rates[tried], values, "o", color="C2")
    top.set(title=f"{count} trials", xscale="log", ylim=(1.4, 3.6))
    bottom.fill_between(rates, improvement / improvement.max(), color="C3", alpha=0.6)
    following = trials[count].candidate
    bottom.axvline(rates[following], color="C3")
    bottom.set(xlabel="learning rate", yticks=[])
    assert improvement.argmax() == following  # what is tried next is where most is expected
panels[0, 0].set(ylabel="validation loss")
panels[1, 0].set(ylabel="to gain")
figure.tight_layout()
plt.show()

first, final = trials[:3], trials
assert min(t.value for t in final) < min(t.value for t in first)
assert min(t.value for t in final) < min(losses) + 0.02
