from copy import deepcopy
from itertools import islice

import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.batch_normalization import BatchNorm
from dlbasic.regularization.bench import Network, load_problem, train

MOMENTS = [1, 5, 20, 80]


def accuracy(logits, targets):
    return (logits.argmax(dim=1) == targets.argmax(dim=1)).float().mean()


results = torch.zeros(10, len(MOMENTS), 3)
for seed in range(10):
    problem = load_problem(seed=seed, wrong=0.0)
    inputs, targets, _ = problem.test
    network = Network(seed=seed, insert=BatchNorm)
    steps = train(network, problem.train, seed=seed, steps=MOMENTS[-1])
    for k, moment in enumerate(MOMENTS):
        list(islice(steps, moment - MOMENTS[k - 1] if k else moment))
        copy = deepcopy(network)  # in training mode, even a measurement moves the memory
        mixed = accuracy(copy(inputs), targets)
        alike = [accuracy(copy(inputs[rows]), targets[rows]) for rows in targets.bool().T]
        evaluated = accuracy(deepcopy(network).eval()(inputs), targets)
        results[seed, k] = torch.stack([evaluated, mixed, torch.stack(alike).mean()])

print("test accuracy, mean ± 95% of 10 seeds")
print("          evaluation    training mode, by its batch mates")
print("step      mode          all ten digits     the same digit only")
for moment, rows in zip(MOMENTS, results.unbind(dim=1), strict=True):
    evaluated, mixed, alike = (mean_over_seeds(column) for column in rows.T)
    print(f"{moment:4}   {evaluated:.2f}     {mixed:.2f}        {alike:.2f}")

network(inputs[:2])  # two may go through it in training mode, one may not
try:
    network(inputs[:1])
except ValueError as error:
    print(f"\nValueError: {error}")
else:
    raise AssertionError("a batch of one was accepted")
evaluated, mixed, alike = results.unbind(dim=2)
assert ((mixed - evaluated)[:, 1] > 0.03).sum() >= 9  # the memory is still cold
assert (evaluated[:, -1] - mixed[:, -1]).abs().max() < 0.1
assert ((evaluated - alike)[:, -1] > 0.2).all()
