from itertools import pairwise

import matplotlib.pyplot as plt
import torch
from torch.nn import Conv1d, ReLU, Sequential
from torch.nn.functional import cross_entropy

from dlbasic.data.digits import load_digits
from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.batch_normalization import BatchNorm

RATES, SEEDS, STEPS, NETS = torch.tensor([0.01, 0.03, 0.1, 0.3, 1.0]), 10, 100, 50
images, digits = load_digits()


def eight_layers(normalized):  # with groups, a convolution is one linear map for each network
    layers = []
    for width, out in pairwise([64, *7 * [32], 10]):
        linear = Conv1d(NETS * width, NETS * out, 1, groups=NETS)
        torch.nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
        layers += [linear, BatchNorm(NETS * out), ReLU()] if normalized else [linear, ReLU()]
    return Sequential(*layers[: -1 - normalized])  # the last map has the logits


errors = torch.zeros(2, STEPS, SEEDS, len(RATES))  # of a batch, before its step
for normalized in (False, True):
    torch.manual_seed(0)
    networks = eight_layers(normalized)
    optimizer = torch.optim.SGD(networks.parameters(), lr=1.0)
    for step in range(STEPS):
        batch = torch.randint(len(images), (50, SEEDS)).repeat_interleave(5, dim=1)
        logits = networks(images[batch].view(50, -1, 1)).view(50, NETS, 10)
        losses = cross_entropy(logits.movedim(2, 1), digits[batch], reduction="none")
        optimizer.zero_grad()
        (RATES.repeat(SEEDS) * losses.mean(dim=0)).sum().backward()  # each at its learning rate
        optimizer.step()
        wrong = (logits.argmax(dim=2) != digits[batch]).float().mean(dim=0)
        errors[int(normalized), step] = wrong.view(SEEDS, -1)
axes = plt.figure(figsize=(6.5, 3.3), layout="constrained").add_subplot()
print("error, last 20 batches", *(f"{rate:6.2f}" for rate in RATES.tolist()), sep="     ")
for name, rows in zip(("without", "with"), errors[:, -20:].mean(dim=1), strict=True):
    means = [mean_over_seeds(row) for row in rows.T]
    print(f"{name:22}", *(f"{mean:.2f}" for mean in means), sep="  ")
    axes.errorbar(RATES, *zip(*means, strict=True), marker=".", label=name)
axes.legend()
axes.set(xscale="log", xlabel="learning rate", ylabel="training error", ylim=(0, 1))
plt.show()
plain, normal = errors[:, -20:].mean(dim=1)
assert (normal[:, 2:] < 0.15).all()  # every seed, at rates that differ by a factor of 10
assert ((plain.mean(dim=0).min() - normal[:, 3]) > 0.1).sum() >= 9
