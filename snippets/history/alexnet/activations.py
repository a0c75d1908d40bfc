import torch
from torch import nn

from dlbasic.data.digits import load_digits
from dlbasic.history.alexnet import SGD
from dlbasic.losses.cross_entropy import cross_entropy

images, digits = load_digits()
images, digits = (images[:300, None] - images.mean()) / images.std(), digits[:300]
targets = torch.eye(10)[digits]
RATES = {"ReLU": (0.01, 0.02), "tanh": (0.05, 0.1)}  # the best of a wider search, and its neighbour
GAINS = {"ReLU": 2**0.5, "tanh": 1.3}  # over the root of the inputs: deviation of the weights


def steps_needed(name, depth, rate, seed):
    torch.manual_seed(seed)
    bend = nn.ReLU if name == "ReLU" else nn.Tanh
    pool = nn.MaxPool2d(3, 2, ceil_mode=True)
    parts = [nn.Conv2d(1, 8, 3, padding=1), bend(), pool]
    parts += [nn.Conv2d(8, 16, 3, padding=1), bend(), pool]
    for _ in range(depth - 4):
        parts += [nn.Conv2d(16, 16, 3, padding=1), bend()]
    model = nn.Sequential(*parts, nn.Flatten(), nn.Linear(64, 32), bend(), nn.Linear(32, 10))
    for layer in (layer for layer in model if isinstance(layer, nn.Conv2d | nn.Linear)):
        nn.init.normal_(layer.weight, std=GAINS[name] / layer.weight[0].numel() ** 0.5)
        nn.init.zeros_(layer.bias)
    optimizer = SGD(model.parameters(), learning_rate=rate, weight_decay=0.0)
    for step in range(1, 101):
        batch = torch.randint(300, (32,))
        loss = cross_entropy(model(images[batch]), targets[batch])
        optimizer.step(torch.autograd.grad(loss, optimizer.weights))
        if step % 5 == 0 and (model(images).argmax(1) != digits).float().mean() < 0.25:
            break
    return step


print("steps to a training error of 25%, better of two learning rates, 10 seeds, 95% interval")
best = {}
for name, rates in RATES.items():
    for depth in (4, 8):
        runs = [[steps_needed(name, depth, rate, seed) for seed in range(10)] for rate in rates]
        steps = torch.tensor(runs).float()
        best[name, depth], k = steps.mean(1).min(0)
        half = 2.26 * steps[k].std() / 10**0.5
        print(f"{name}, {depth} layers: {best[name, depth]:5.0f} ± {half:.0f}   rate {rates[k]}")
assert all(1.3 * best["tanh", depth] < best["ReLU", depth] for depth in (4, 8))
