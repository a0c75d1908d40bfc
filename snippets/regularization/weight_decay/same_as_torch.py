import torch

from dlbasic.regularization.bench import Examples, Network, load_problem, train
from dlbasic.regularization.weight_decay import SGD, AdamW

PAIRS = {
    "SGD, L2": (
        lambda theta: SGD(theta, learning_rate=0.1, l2=0.01),
        lambda theta: torch.optim.SGD(theta, lr=0.1, weight_decay=0.01),
    ),
    "Adam, L2": (
        lambda theta: AdamW(theta, learning_rate=5e-3, l2=0.01),
        lambda theta: torch.optim.Adam(theta, lr=5e-3, weight_decay=0.01),
    ),
    "AdamW": (
        lambda theta: AdamW(theta, learning_rate=5e-3, decay=2.0),
        lambda theta: torch.optim.AdamW(theta, lr=5e-3, weight_decay=2.0),
    ),
}


def train_with(make):
    network = Network(seed=0).double()
    examples = Examples(*(part.double() for part in load_problem(seed=0).train))
    list(train(network, examples, seed=0, steps=60, optimizer=make))
    return torch.cat([theta.detach().flatten() for theta in network.parameters()])


print("60 steps     length of all weights    difference from torch")
for name, pair in PAIRS.items():
    ours, library = (train_with(make) for make in pair)
    print(f"{name:12} {ours.norm():15.2f}              below 1e-10")
    assert (ours - library).abs().max() < 1e-10
