import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import Network, load_problem, predict, train

SEEDS, DRAWS = range(20), 50
runs = {"test": [], "validation": []}
for seed in SEEDS:
    problem, network = load_problem(seed=seed, validation=1), Network(seed=seed)
    inputs, targets, _ = problem.test
    hits = []
    for step, _ in train(network, problem.train, seed=seed, steps=100):
        if step % 5 == 0:
            hits.append(predict(network, inputs).argmax(dim=1) == targets.argmax(dim=1))
    right = torch.stack(hits).float()  # (time, example): 20 moments at which one could stop
    generator = torch.Generator().manual_seed(seed)
    rows = {"test": [], "validation": []}
    for _ in range(DRAWS):  # small sets to choose and to report with, and a large one for the truth
        order = torch.randperm(len(inputs), generator=generator)
        small, other, rest = order.split([100, 100, len(order) - 200])
        reported, validation, truth = (right[:, some].mean(dim=1) for some in (small, other, rest))
        for chooser, scores in {"test": reported, "validation": validation}.items():
            best = scores.argmax()
            rows[chooser].append([reported[best], truth[best]])
    for chooser, values in rows.items():
        runs[chooser].append(torch.tensor(values).mean(dim=0))

print("mean ± 95%, 20 seeds    reported         truth            too high by")
excess = {}
for chooser, values in runs.items():
    reported, truth = torch.stack(values).T
    excess[chooser] = mean_over_seeds(reported - truth)
    columns = (mean_over_seeds(reported), mean_over_seeds(truth), excess[chooser])
    print(f"chosen by the {chooser:10}", *(f"{column:.3f}" for column in columns), sep="  ")
assert excess["test"].mean - excess["test"].half_width > 0.015
assert abs(excess["validation"].mean) < 0.01
