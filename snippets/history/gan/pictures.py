import matplotlib.pyplot as plt
import torch

from dlbasic.history import gan

pixels, _ = gan.small_digits()
order = torch.randperm(len(pixels), generator=torch.Generator().manual_seed(0))
held_out, x = pixels[order[:1000]], pixels[order[1000:]]
dice = gan.roll([0])
g = gan.Generator([16, 96, 96, 144], average=x.mean(0), dice=dice)
d = gan.Discriminator(144, units=64, pieces=2, keep=(0.6, 0.8), dice=dice)
list(gan.train(g, d, x, steps=2500, dice=dice))

with torch.no_grad():
    made = g(gan.noise(dice, 1000, 16))[0]
    ends = gan.noise(dice, 8, 16)[0]  # four pairs
    weights = torch.linspace(0, 1, 9)[:, None, None]
    paths = g(((1 - weights) * ends[:4] + weights * ends[4:]).movedim(1, 0).reshape(1, 36, 16))[0]
distances, nearest = torch.cdist(made, x).min(dim=1)
own = torch.cdist(x, x).fill_diagonal_(torch.inf).min(dim=1).values
print("mean distance to the nearest training digit")
print(f"  made       {distances.mean():.2f}, the closest {distances.min():.2f}")
print(f"  held out   {torch.cdist(held_out, x).min(dim=1).values.mean():.2f}")
assert distances.mean() > own.mean()  # no copies of the training digits
lengths = paths.view(4, 9, 144).diff(dim=1).norm(dim=2)
whole = (paths.view(4, 9, 144)[:, -1] - paths.view(4, 9, 144)[:, 0]).norm(dim=1)
print("one of eight steps, as a part of the way")
print("  the longest of each row  ", *(f"{part:.2f}" for part in lengths.amax(1) / whole))
assert (lengths.amax(1) < 0.6 * whole).all()  # no jump from one digit to the other
assert made.std(dim=0).mean() > 0.1  # G depends on z

figure, panels = plt.subplots(1, 2, figsize=(8, 4.2), layout="constrained")
pairs = torch.stack([made[:20], x[nearest[:20]]], dim=1).view(4, 10, 12, 12)
for panel, rows in zip(panels, (pairs, paths.view(4, 9, 12, 12)), strict=True):
    panel.imshow(rows.transpose(1, 2).flatten(2).flatten(0, 1), cmap="Greys", vmin=0, vmax=1)
    panel.set(xticks=[], yticks=[])
panels[0].set(title="made, and nearest of the training")
panels[1].set(title="from one z to another")
plt.show()
