from itertools import islice

import matplotlib.pyplot as plt
import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bayesian_optimization import search, tabulate
from dlbasic.regularization.bench import load_problem

SIDE, TRIALS, SEEDS, ORDERS = 9, 15, range(10), 2
settings = torch.cartesian_prod(*[torch.linspace(0, 1, SIDE)] * 2)
rates, decays = 10 ** (3 * settings.T - torch.tensor([[4.0], [2.0]]))  # to 0.1 and to 10
grid = torch.tensor([SIDE * row + column for row in (0, 2, 4, 6, 8) for column in (1, 4, 7)])

regret = torch.zeros(3, len(SEEDS), ORDERS, TRIALS)
chosen = torch.zeros(3, len(SEEDS), ORDERS)
for run, seed in enumerate(SEEDS):
    validation, test = tabulate(load_problem(seed=seed), rates, decays, seed=seed)
    losses = validation.tolist()
    for order in range(ORDERS):
        draws = 1000 * order + seed
        generator = torch.Generator().manual_seed(draws)
        shuffled = torch.randperm(len(settings), generator=generator)[:TRIALS]
        trials = islice(search(losses.__getitem__, settings, start=5, seed=draws), TRIALS)
        guided = torch.tensor([trial.candidate for trial in trials])
        for row, tried in enumerate(
            [guided, shuffled, grid[torch.randperm(TRIALS, generator=generator)]]
        ):
            values = validation[tried]
            regret[row, run, order] = values.cummin(dim=0).values - validation.min()
            chosen[row, run, order] = test[tried[values.argmin()]]

runs = regret.flatten(1, 2)
panel = plt.subplots(figsize=(6, 3.4), layout="constrained")[1]
print("20 runs    median regret after 5, 10, 15 trials   test loss of the choice")
for name, some, losses in zip(["Bayesian", "random", "grid"], runs, chosen.mean(2), strict=True):
    low, middle, high = some.quantile(torch.tensor([0.25, 0.5, 0.75]), dim=0)
    after = "  ".join(f"{middle[count - 1]:.3f}" for count in (5, 10, 15))
    print(f"{name:10} {after:>34}       {mean_over_seeds(losses):.3f}")
    panel.plot(range(1, TRIALS + 1), middle, label=name)
    panel.fill_between(range(1, TRIALS + 1), low, high, alpha=0.15, linewidth=0)
ours, others = runs[0, :, -1], runs[1:, :, -1]
below, above, best = ((ours < others[0]).sum(), (ours > others[0]).sum(), (ours == 0).sum())
print(f"Bayesian below random in {below} runs, above in {above}; at the best setting in {best}")
print("test loss, random less Bayesian:", f"{mean_over_seeds((chosen[1] - chosen[0]).mean(1)):.3f}")
assert ours.median() < 0.7 * others[0].median()
assert ours.median() < others[1].median()
panel.set(xlabel="trials", ylabel="regret (nats)", ylim=(0, 0.4))
panel.legend()
plt.show()
