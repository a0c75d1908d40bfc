import torch
from torch.nn.functional import cross_entropy

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import Network, fit, load_problem, measure
from dlbasic.regularization.dropout import Dropout


def with_dropout(seed):
    generator = torch.Generator().manual_seed(seed)
    return {"seed": seed, "insert": lambda width: Dropout(0.5, generator=generator)}


right, forgotten = [], []
for seed in range(10):
    problem = load_problem(seed=seed)
    network = fit(problem.train, **with_dropout(seed))  # training leaves it in training mode
    with torch.no_grad():
        first, second = network(problem.test.inputs), network(problem.test.inputs)
        network.eval()
        logits, again = network(problem.test.inputs), network(problem.test.inputs)
    assert not torch.equal(first, second)  # the question that catches it: twice the same answer?
    assert torch.equal(logits, again)
    forgotten.append(measure(first, problem.test.truth).accuracy)
    right.append(measure(logits, problem.test.truth).accuracy)
print(f"digits right, eval() called       {mean_over_seeds(right):.3f}")
print(f"digits right, eval() forgotten    {mean_over_seeds(forgotten):.3f}")
assert sum(a > b for a, b in zip(right, forgotten, strict=True)) >= 9

inputs, targets, _ = load_problem(seed=0).train
weights = []
for network in (Network(**with_dropout(0)), Network(seed=0)):  # the second has no dropout
    network.eval()  # to measure it before training; then train() is forgotten
    optimizer = torch.optim.Adam(network.parameters())
    for _ in range(20):
        optimizer.zero_grad()
        cross_entropy(network(inputs), targets).backward()
        optimizer.step()
    weights.append(network.layers[0].weight)
assert torch.equal(*weights)
print("train() forgotten: the weights are those of a network without dropout")
