import matplotlib.pyplot as plt
import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import Network, load_problem, measure, predict
from dlbasic.regularization.ensembles import average_probabilities, decompose_log_loss, train

SIZES, SEEDS = [1, 2, 4, 8], 10
losses, spreads = torch.zeros(2, len(SIZES), SEEDS), torch.zeros(2, SEEDS)
for row, wrong in enumerate((0.3, 0.0)):
    for seed in range(SEEDS):
        problem = load_problem(seed=seed, wrong=wrong)
        names = [100 * seed + k for k in range(SIZES[-1])]  # first weights and batches of each
        members = [Network(seed=name) for name in names]
        list(train(members, [problem.train] * len(members), seeds=names))
        logits = torch.stack([predict(member, problem.test.inputs) for member in members])
        for column, size in enumerate(SIZES):
            chances = average_probabilities(logits[:size])
            losses[row, column, seed] = measure(chances.log(), problem.test.targets).loss
        spreads[row, seed] = decompose_log_loss(logits, problem.test.targets).spread

figure, panels = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
for panel, row, spread, name in zip(
    panels, losses, spreads, ("3 labels of 10 are wrong", "all labels are right"), strict=True
):
    print(f"{name}: spread of the members {mean_over_seeds(spread):.2f} nats")
    means = [mean_over_seeds(values) for values in row]
    for size, mean in zip(SIZES, means, strict=True):
        print(f"{size:4} members: test loss {mean:.3f}")
    bars = [mean.half_width for mean in means]
    panel.errorbar(SIZES, [mean.mean for mean in means], bars, marker=".")
    panel.set(title=name, xlabel="members", xscale="log", xticks=SIZES, xticklabels=SIZES)
    panel.minorticks_off()
    panel.set_ylim(bottom=0)
    assert (row[1] < row[0]).sum() >= 9
    assert (row[3] < row[0]).sum() >= 9
    assert (row[2] - row[3]).mean() < 0.6 * (row[0] - row[1]).mean()  # each doubling brings less
panels[0].set_ylabel("test loss (nats)")
plt.show()
