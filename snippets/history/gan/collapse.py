import math

import matplotlib.pyplot as plt
import torch

from dlbasic.history.gan import Discriminator, Generator, noise, roll, train
from dlbasic.losses.loss_and_goal import mean_over_seeds

angles = torch.arange(8) * (math.tau / 8)
modes = 0.5 + 0.3 * torch.stack([angles.cos(), angles.sin()], dim=1)
torch.manual_seed(0)
reals = modes[torch.randint(8, (4000,))] + 0.01 * torch.randn(4000, 2)


def play(k, rates):
    dice = roll(range(10))
    g = Generator([8, 32, 32, 2], average=reals.mean(0), dice=dice)
    d = Discriminator(2, units=32, pieces=2, keep=(1.0, 1.0), dice=dice)
    list(train(g, d, reals, steps=400, k=k, learning_rates=rates, dice=dice))
    with torch.no_grad():
        made = g(noise(dice, 1000, 8))
    distances, nearest = torch.cdist(made, modes).min(dim=2)
    near = torch.nn.functional.one_hot(nearest, 8) * (distances < 0.1)[:, :, None]
    return made, near.sum((1, 2)) / 1000, (near.sum(1) >= 10).sum(1)  # a mode needs 1%


settings = {
    "D twice as fast": (1, (0.01, 0.02)),
    "D five times slower": (1, (0.01, 0.002)),
    "the same, k = 3": (3, (0.01, 0.002)),
}
figure, panels = plt.subplots(1, 3, figsize=(8, 3.1), sharey=True, layout="constrained")
print("                    modes covered, of 8   in each of 10 games   made near a mode")
covered = {}
for panel, (name, setting) in zip(panels, settings.items(), strict=True):
    made, part, count = play(*setting)
    covered[name] = count.double()
    each = " ".join(map(str, count.tolist()))
    print(f"{name:20} {mean_over_seeds(covered[name]):8.1f}           {each}", end="")
    print(f"{mean_over_seeds(part):13.2f}")
    panel.plot(*reals[:500].T, ".", markersize=2, label="real")
    panel.plot(*made[0, :300].T, ".", markersize=2, label="made")
    panel.set(title=name, xlim=(0, 1), ylim=(0, 1), aspect="equal", xticks=[0, 1], yticks=[0, 1])
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
plt.show()

quick, slow, often = covered.values()
assert slow.mean() < 3
assert min(quick.mean(), often.mean()) > slow.mean() + 2
