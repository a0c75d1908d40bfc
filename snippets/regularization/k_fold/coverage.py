import torch
from scipy.special import stdtrit
from torch.nn.functional import pad

from dlbasic.regularization.bench import load_problem
from dlbasic.regularization.k_fold import k_fold

REPETITIONS, EXAMPLES = range(600), 100


def standard_errors(errors):
    return errors.std(dim=1) / errors.shape[1] ** 0.5


def covered(errors, truth):
    """Part of the rows of fold errors for which the truth is inside mean ± t s / √k."""
    width = float(stdtrit(errors.shape[1] - 1, 0.975)) * standard_errors(errors)
    return ((errors.mean(dim=1) - truth).abs() <= width).double().mean()


digits, targets, _ = load_problem(seed=0, train=1795, validation=1).train
x, labels = pad(digits, (0, 1), value=1.0), targets.argmax(dim=1)
print("600 repetitions   interval covers the truth    spread of the mean   average s / √k")
for folds in (5, 10):
    errors, truths = torch.zeros(2, len(REPETITIONS), folds, dtype=torch.float64)
    for row, seed in enumerate(REPETITIONS):
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
        few, rest = order[:EXAMPLES], order[EXAMPLES:]
        parts = k_fold(torch.arange(EXAMPLES), folds=folds)
        known = torch.stack([few[fold.train] for fold in parts])
        grams = x[known].mT @ x[known] + 3 * torch.eye(65)
        weights = torch.linalg.solve(grams, x[known].mT @ targets[known])
        truths[row] = ((x[rest] @ weights).argmax(dim=2) != labels[rest]).double().mean(dim=1)
        new = torch.stack([few[fold.held_out] for fold in parts])
        errors[row] = ((x[new] @ weights).argmax(dim=2) != labels[new]).double().mean(dim=1)
    truth = truths.mean()  # of models that saw as many examples as those of the folds
    spread, claimed = errors.mean(dim=1).std(), standard_errors(errors).mean()
    part = covered(errors, truth)
    unrelated = covered(errors[:, 0].view(-1, folds), truth)  # each fold from another data set
    print(f"{folds:2} folds {part:26.1%} {spread:25.3f} {claimed:19.3f}")
    print(f"{folds:2} unrelated sets {unrelated:17.1%}")
    assert part < 0.93  # below the nominal 95%
    assert claimed < 0.85 * spread  # for s / √k is too small
    assert unrelated > 0.88  # where it may be used, the interval does its work
