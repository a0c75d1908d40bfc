import matplotlib.pyplot as plt
import torch
from skimage import data
from torch.nn.functional import adaptive_avg_pool2d, interpolate

from dlbasic.history.simclr import crop, distort_colour, pictures

photographs = [data.astronaut()[:280, 90:370], data.chelsea()[:280, 100:380], data.coffee()[50:350]]
pixels = [torch.tensor(each).permute(2, 0, 1)[None] / 255 for each in photographs]
digits = interpolate(pictures(seed=0)[0][0][:3], scale_factor=2)
images = torch.cat([*(adaptive_avg_pool2d(each, 56) for each in pixels), digits])

views = {"whole": [images]}
for kind in ("crop", "colour", "both"):
    generator = torch.Generator().manual_seed(3)
    cut = [images if kind == "colour" else crop(images, generator=generator, size=56) for _ in "12"]
    change = [each if kind == "crop" else distort_colour(each, generator=generator) for each in cut]
    views[kind] = change
rows = [(kind, row) for kind, both in views.items() for row in both]
figure, axes = plt.subplots(len(rows), 6, figsize=(5.6, 6.6), layout="constrained")
for line, (kind, row) in zip(axes, rows, strict=True):
    for axis, picture in zip(line, row, strict=True):
        axis.imshow(picture.permute(1, 2, 0))
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
    line[0].set_ylabel(kind, rotation=0, ha="right", va="center")
plt.show()

print("how far apart is the average colour of a picture in two views of it?")
colours = {kind: [row.mean(dim=(2, 3)) for row in both] for kind, both in views.items()}
gaps = {kind: (each[0] - each[-1]).norm(dim=1).mean() for kind, each in colours.items()}
for kind in ("crop", "colour", "both"):
    print(f"{kind:8} {gaps[kind]:.2f}")
print(f"and in two pictures: {torch.pdist(colours['whole'][0]).mean():.2f}")
assert gaps["crop"] < 0.25 * gaps["both"]
