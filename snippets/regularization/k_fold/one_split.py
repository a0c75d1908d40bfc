import matplotlib.pyplot as plt
import torch
from torch.nn.functional import pad

from dlbasic.regularization.bench import load_problem
from dlbasic.regularization.k_fold import cross_validate, k_fold

REPETITIONS, FOLDS = range(200), (2, 5, 10)


def error(inputs, targets, new_inputs, new_targets):
    """Part of the new labels that a linear map, fitted by regularized least squares, gets wrong."""
    x, new_x = pad(inputs, (0, 1), value=1.0), pad(new_inputs, (0, 1), value=1.0)
    weights = torch.linalg.solve(x.T @ x + 3 * torch.eye(65), x.T @ targets)
    return ((new_x @ weights).argmax(dim=1) != new_targets.argmax(dim=1)).float().mean().item()


digits, labels, _ = load_problem(seed=0, train=1795, validation=1).train
off = torch.zeros(len(REPETITIONS), 1 + len(FOLDS))  # estimate less truth
for row, seed in enumerate(REPETITIONS):
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(seed))
    few, rest = order[:200], order[200:]
    truth = error(digits[few], labels[few], digits[rest], labels[rest])  # on 1,595 others
    for column, folds in enumerate(FOLDS, start=1):
        parts = k_fold(torch.arange(200), folds=folds)
        errors = cross_validate(error, digits[few], labels[few], parts)
        off[row, column] = errors.mean() - truth
        if folds == 5:
            off[row, 0] = errors[0] - truth  # a single split is the first of five folds

print("200 repetitions   too high by, on average   root of the mean square   worst")
names = ["one split, 160:40", *(f"{folds} folds" for folds in FOLDS)]
for name, some in zip(names, off.T, strict=True):
    root = some.square().mean().sqrt()
    print(f"{name:17} {some.mean():19.3f} {root:25.3f} {some.abs().max():15.3f}")
roots = off.square().mean(dim=0).sqrt()
assert roots[2] < 0.7 * roots[0]
assert off[:, 1].mean() > off[:, 3].mean() + 0.02  # half of the examples make a worse model
figure, panel = plt.subplots(figsize=(6, 3), layout="constrained")
bins = [k / 50 - 0.23 for k in range(24)]
panel.hist(off[:, 0].tolist(), bins=bins, alpha=0.6, label="one split")
panel.hist(off[:, 2].tolist(), bins=bins, alpha=0.6, label="5 folds")
panel.set(xlabel="estimated error less true error", ylabel="repetitions")
panel.legend()
plt.show()
