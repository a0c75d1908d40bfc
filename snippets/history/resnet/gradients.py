import matplotlib.pyplot as plt
import torch
from torch import nn

from dlbasic.history.resnet import cifar_resnet, deal, losses, train

SEEDS = range(10)
images, digits, *_ = deal(SEEDS)
batch = images[:, :64].transpose(0, 1).flatten(1, 2)


def norms(model):
    """Norm of the loss's gradient with respect to each block's input, by block and network."""
    signals = [model.train().stem(batch)]
    for block in model.blocks:
        signals.append(block(signals[-1]))
    logits = model.classifier(signals[-1].mean(dim=(2, 3), keepdim=True)).flatten(1)
    gradients = torch.autograd.grad(losses(logits, digits[:, :64].T).sum(), signals[:-1])
    apart = [gradient.unflatten(1, (len(SEEDS), -1)) for gradient in gradients]
    return torch.stack([gradient.square().sum(dim=(0, 2, 3, 4)).sqrt() for gradient in apart])


figure, axes = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
names = ["plain", "residual", "plain, no batch norm"]
ratio = {}
print("gradient at the first block / at the last")
print("                      at the start   after 10 updates")
for name, shortcut in zip(names, ["none", "A", "none"], strict=True):
    model = cifar_resnet(7, shortcut=shortcut, filters=4, networks=len(SEEDS), seed=SEEDS[0])
    if "no" in name.split():
        for block in model.blocks:
            block.residual[1] = block.residual[4] = nn.Identity()
    start = norms(model)
    spread = start / start[-1]
    axes.plot(range(1, 22), spread.log().mean(1).exp(), marker=".", label=name)
    axes.fill_between(range(1, 22), *spread.aminmax(dim=1), alpha=0.2)
    list(train(model, images, digits, steps=10, seed=SEEDS[0]))
    end = norms(model)
    ratio[name] = torch.stack([spread[0], end[0] / end[-1]]).log().mean(1).exp()
    print(f"{name:20}" + "".join(f"{value:14.2g}" for value in ratio[name]))
axes.set(xlabel="block (the input is at the left)", ylabel="gradient (last block: 1)")
axes.set(yscale="log", xticks=range(1, 22, 4))
axes.legend()
plt.show()

assert ratio["plain"][0] > 10 * ratio["residual"][0]
assert ratio["plain, no batch norm"][0] < 1  # without it, the gradient does not grow
assert ratio["plain"][1] < 0.2 * ratio["plain"][0]  # ten updates end the explosion
