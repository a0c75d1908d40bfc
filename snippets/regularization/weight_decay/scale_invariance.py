from functools import partial

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import Network, fit, load_problem, predict, trial
from dlbasic.regularization.weight_decay import AdamW


def normalized(width):
    return nn.BatchNorm1d(width, eps=1e-12)


inputs, targets, _ = load_problem(seed=0).train
print("first weights times    loss changes by    gradient times")
losses, gradients = [], []
for scale in (1.0, 10.0, 100.0):
    network = Network(seed=0, insert=normalized).double()
    network.layers[0].weight.data *= scale
    losses.append(cross_entropy(network(inputs.double()), targets.double()))
    gradients.append(torch.autograd.grad(losses[-1], network.layers[0].weight)[0].norm())
    print(f"{scale:19}         below 1e-8 {gradients[-1] / gradients[0]:17.4f}")
    assert abs(losses[-1] - losses[0]) < 1e-8
    assert abs(scale * gradients[-1] / gradients[0] - 1) < 1e-6


def technique(problem, seed, *, decay):
    optimizer = partial(AdamW, learning_rate=5e-3, decay=decay)
    network = fit(problem.train, seed=seed, insert=normalized, optimizer=optimizer)
    return lambda inputs: predict(network, inputs)


rows = {decay: torch.zeros(10, 3) for decay in (0.0, 1.0)}
for seed in range(10):
    problem = load_problem(seed=seed)
    for decay, row in rows.items():
        result = trial(partial(technique, decay=decay), problem, seed=seed)
        row[seed] = torch.tensor([result.train.loss, result.test.loss, result.digits])
print("\nwith batch normalization  training loss   test loss      digits right")
for decay, row in rows.items():
    print(f"  decay {decay:3}", " " * 13, *(f"{mean_over_seeds(m):.3f}" for m in row.T), sep="  ")
change = rows[1.0] - rows[0.0]
assert (change[:, 1] < 0).sum() >= 9  # a lower test loss
assert change[:, 2].mean() < 0.01  # and no more digits right
