import matplotlib.pyplot as plt
import torch

from dlbasic.history.simclr import crop, distort_colour, pictures, random_view, whole

KINDS = {"crop": crop, "colour": distort_colour, "both": random_view}
images = pictures(seed=0).images[:7]
rows = [("whole", whole(images))]
for name, kind in KINDS.items():
    for seed in (1, 2):  # two views of each picture
        view = kind(images, generator=torch.Generator().manual_seed(seed))
        rows.append((name, whole(view)))

figure, axes = plt.subplots(len(rows), 7, figsize=(5.2, 5.4), layout="constrained")
for row, (name, seen) in zip(axes, rows, strict=True):
    for axis, picture in zip(row, seen, strict=True):
        axis.imshow(picture.permute(1, 2, 0))
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
    row[0].set_ylabel(name, rotation=0, ha="right", va="center")
plt.show()

corners = {name: [] for name in KINDS}
for name, seen in rows[1:]:
    corners[name].append(seen[:, :, 0, 0])  # the colour of the paper
print("how far apart is the paper's colour in two views of one picture?")
for name, (one, other) in corners.items():
    print(f"{name:8} {(one - other).norm(dim=1).mean():.3f}")
papers = whole(images)[:, :, 0, 0]
print(f"and in two pictures {torch.pdist(papers).mean():.3f}")
assert (corners["crop"][0] - corners["crop"][1]).norm(dim=1).mean() < 0.05
assert (corners["both"][0] - corners["both"][1]).norm(dim=1).mean() > 0.1
