from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from torch.nn import Conv1d, ReLU, Sequential
from torch.nn.functional import cross_entropy

from dlbasic.data.digits import load_digits
from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.batch_normalization import BatchNorm

RATES = torch.tensor([0.01, 0.03, 0.1, 0.3, 1.0])
SEEDS, STEPS, WIDTH = 10, 100, 32
NETS = SEEDS * len(RATES)
images, digits = load_digits()


def eight_layers(normalized):  # with groups, a convolution is one linear map for each network
    layers, sizes = [], [64] + 7 * [WIDTH] + [10]
    for width, out in pairwise(sizes):
        layers.append(Conv1d(NETS * width, NETS * out, 1, groups=NETS))
        torch.nn.init.kaiming_normal_(layers[-1].weight, nonlinearity="relu")
        if out != 10:
            layers += [BatchNorm(NETS * out), ReLU()] if normalized else [ReLU()]
    return Sequential(*layers)


errors = torch.zeros(2, STEPS, SEEDS, len(RATES))  # of a batch, before its step
for normalized in (False, True):
    torch.manual_seed(0)
    networks = eight_layers(normalized)
    optimizer = torch.optim.SGD(networks.parameters(), lr=1.0)
    for step in range(STEPS):
        batch = torch.randint(len(images), (50, SEEDS)).repeat_interleave(len(RATES), dim=1)
        logits = networks(images[batch].view(50, -1, 1)).view(50, NETS, 10)
        losses = cross_entropy(logits.movedim(2, 1), digits[batch], reduction="none").mean(dim=0)
        optimizer.zero_grad()
        (RATES.repeat(SEEDS) * losses).sum().backward()  # each network has its learning rate
        optimizer.step()
        wrong = (logits.argmax(dim=2) != digits[batch]).float().mean(dim=0)
        errors[int(normalized), step] = wrong.view(SEEDS, -1)

figure, axes = plt.subplots(figsize=(6.5, 3.3), layout="constrained")
print("training error of the last 20 batches, mean ± 95% of 10 seeds")
print("  rate    ", *(f"{rate:11.2f}" for rate in RATES), sep="   ")
plain, normal = errors[:, -20:].mean(dim=1)
for name, rows in {"without": plain, "with": normal}.items():
    means = [mean_over_seeds(row) for row in rows.T]
    print(f"  {name:8}", *(f"{mean:.2f}" for mean in means), sep="   ")
    middle, half = zip(*means, strict=True)
    axes.errorbar(RATES, middle, half, marker=".", label=name)
axes.set(xscale="log", xlabel="learning rate", ylabel="training error", ylim=(0, 1))
axes.legend()
plt.show()
assert (normal[:, 2:] < 0.15).all()  # every seed, at rates that differ by a factor of 10
assert (plain[:, -1] > 0.7).all()
assert ((plain.mean(dim=0).min() - normal[:, 3]) > 0.1).sum() >= 9
