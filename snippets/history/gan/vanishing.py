import copy

import matplotlib.pyplot as plt
import torch

from dlbasic.history import gan
from dlbasic.losses.loss_and_goal import mean_over_seeds

pixels, _ = gan.small_digits()
dice = gan.roll(range(10))
g = gan.Generator([16, 64, 64, 144], average=pixels.mean(0), dice=dice)
d = gan.Discriminator(144, units=32, pieces=2, keep=(1.0, 1.0), dice=dice)
players = g, d, torch.optim.Adam(d.parameters(), lr=0.003)


def update_d(g, d, optimizer, dice):
    batch = torch.stack([torch.randint(len(pixels), (32,), generator=die) for die in dice])
    optimizer.zero_grad()
    (-gan.value(d(pixels[batch]), d(g(gan.noise(dice, 32, 16)).detach()))).sum().backward()
    optimizer.step()


for _ in range(100):  # D has a head start
    update_d(*players, dice)
first, last = {}, {}
figure, panels = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True, layout="constrained")
print("G learns by   lowering      gradient at first   D(G(z)) at last")
for panel, make, rate in zip(panels, (torch.optim.SGD, torch.optim.Adam), (0.1, 1e-3), strict=True):
    for name, kind in {"log(1 - D)": True, "-log D": False}.items():
        g, d, optimizer = copy.deepcopy(players)
        own, dice, fooled = make(g.parameters(), lr=rate), gan.roll(range(10, 20)), []
        for _ in range(50):
            logits = d(g(gan.noise(dice, 32, 16)))
            own.zero_grad()
            gan.generator_loss(logits, saturating=kind).sum().backward()
            first.setdefault(kind, sum(p.grad.square().sum((1, 2)) for p in g.parameters()) ** 0.5)
            own.step()
            update_d(g, d, optimizer, dice)
            fooled.append(logits.detach().sigmoid().mean(1))
        lines = panel.plot(torch.stack(fooled), color=f"C{int(kind)}", alpha=0.4)
        lines[0].set_label(f"G lowers {name}")
        last[make, kind] = torch.stack(fooled[-10:]).mean(0)
        print(f"{make.__name__:13} {name:13} {mean_over_seeds(first[kind]):6.3f}", end="")
        print(f"{mean_over_seeds(last[make, kind]):11.3f}")
    panel.set(title=f"G learns by {make.__name__}", xlabel="update of G", yscale="log")
panels[0].set(ylabel="D(G(z))")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
plt.show()
assert (first[True] < 0.1 * first[False]).all()
assert (last[torch.optim.SGD, True] < 0.1 * last[torch.optim.SGD, False]).all()
