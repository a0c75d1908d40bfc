import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import Examples, Network, load_problem, predict
from dlbasic.regularization.ensembles import decompose_squared_error, error_correlation, train

SETS, WIDTHS = 6, {"narrow": (4,), "wide": (128, 128)}
rows = {}
for name, hidden in WIDTHS.items():
    for other in ("weights", "weights and examples"):
        found = []
        for seed in range(10):
            problem = load_problem(seed=seed, train=480, wrong=0.0)
            parts = [part.split(80) for part in problem.train]
            sets = [Examples(*some) for some in zip(*parts, strict=True)]
            given = sets if other.endswith("examples") else [sets[0]] * SETS
            names = [100 * seed + k for k in range(SETS)]
            members = [Network(seed=name, hidden=hidden) for name in names]
            list(train(members, given, seeds=names, steps=100))
            logits = torch.stack([predict(member, problem.test.inputs) for member in members])
            targets = problem.test.targets
            parts = decompose_squared_error(logits.softmax(dim=2), targets)
            found.append([*parts, error_correlation(logits.softmax(dim=2), targets)])
        rows[name, other] = torch.tensor(found)

print("squared error of six networks, mean ± 95% of 10 seeds")
print("network, other in each             one network     average        spread")
for (name, other), row in rows.items():
    columns = [f"{mean_over_seeds(column):.3f}" for column in row.T]
    print(f"{name:7} {other:22}", *columns[:3], f"  correlation {columns[3]}", sep="  ")
for other in ("weights", "weights and examples"):
    narrow, wide = rows["narrow", other], rows["wide", other]
    assert (narrow[:, 1] > wide[:, 1]).sum() >= 9  # what averaging cannot mend: the bias
for name in WIDTHS:
    same, own = rows[name, "weights"], rows[name, "weights and examples"]
    assert (own[:, 3] < same[:, 3]).sum() >= 9  # other examples, other errors
