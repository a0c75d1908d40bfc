import matplotlib.pyplot as plt
import torch

from dlbasic.data.digits import split
from dlbasic.history import gan

(x, digits), (held_out, _), _ = split(*gan.small_digits(), train=3500, validation=500)
dice = gan.roll([0])
g = gan.Generator([16, 128, 128, 144], average=x.mean(0), dice=dice)
d = gan.Discriminator(144, units=64, pieces=2, keep=(0.6, 0.8), dice=dice)
list(gan.train(g, d, x, steps=1000, batch_size=64, dice=dice))

z = gan.noise(dice, 1000, 16)
made = g(z)[0].detach()
distances, nearest = torch.cdist(made, x).min(dim=1)
others = torch.cdist(held_out, x).amin(1)
print("distance to the nearest training digit, mean and smallest")
print(f"  made       {distances.mean():.2f}   {distances.min():.2f}")
print(f"  held out   {others.mean():.2f}   {others.min():.2f}")
assert distances.mean() > others.mean()  # no copies of the training digits

like = digits[nearest] == torch.arange(10)[:, None]  # for each digit, what is nearest to one
best = distances.where(like, torch.inf).argmin(dim=1)
weights = torch.linspace(0, 1, 9)[:, None]
ways = [
    g(z[:, a, None] + weights * (z[:, b] - z[:, a])[:, None])[0].detach()
    for a, b in best.view(5, 2)
]
longest = [way.diff(dim=0).norm(dim=1).max() / (way[-1] - way[0]).norm() for way in ways]
print("longest of eight steps, as a part of the way", *(f"{part:.2f}" for part in longest))
assert max(longest) < 0.6  # no jump from one digit to the other

_, panels = plt.subplots(1, 2, figsize=(8, 2.6), layout="constrained")
pairs = torch.stack([made[:25], x[nearest[:25]]], dim=1)
for panel, images in zip(panels, (pairs, torch.stack(ways)), strict=True):
    rows = images.reshape(5, -1, 12, 12).transpose(1, 2).flatten(2).flatten(0, 1)
    panel.imshow(rows.numpy(), cmap="Greys", vmin=0, vmax=1)
    panel.set(xticks=[], yticks=[])
panels[0].set(title="made, and nearest of the training")
panels[1].set(title="from one z to another")
plt.show()
