import matplotlib.pyplot as plt
import torch
from matplotlib.colors import ListedColormap
from sklearn.tree import DecisionTreeClassifier

from dlbasic.data.scenes import draw
from dlbasic.tasks.segmentation import (
    CLASSES,
    confusion,
    intersection_over_union,
    mean_iou,
    predict,
    trained,
)

held_out, seen = draw(2048, seed=1), draw(64, seed=1000)
tree = DecisionTreeClassifier(max_leaf_nodes=256, random_state=0)
tree.fit(seen.images.movedim(1, -1).reshape(-1, 3), seen.labels.flatten())
by_colour = tree.predict(held_out.images.movedim(1, -1).reshape(-1, 3))
guesses = {
    "all background": torch.zeros_like(held_out.labels),
    "a pixel's colour": torch.from_numpy(by_colour).view_as(held_out.labels),
    "network": predict(trained(), held_out.images),
}
print(" " * 16, "mean IoU", *(f"{name:>10}" for name in CLASSES))
for name, guess in guesses.items():
    counts = confusion(held_out.labels, guess)
    iou = intersection_over_union(counts)
    print(f"{name:16} {mean_iou(counts):8.2f}", *(f"{value:10.2f}" for value in iou))
assert mean_iou(counts) > 0.78

rgb = [(0.16, 0.18, 0.24), (0.9, 0.35, 0.35), (0.35, 0.55, 0.95), (0.4, 0.75, 0.4), (1, 0.85, 0.4)]
colours = {"cmap": ListedColormap(rgb), "vmin": -0.5, "vmax": 4.5}
worst = (guess != held_out.labels).sum(dim=(1, 2)).argmax()
figure, axes = plt.subplots(3, 5, figsize=(8, 4.8), layout="constrained")
for column, scene in zip(axes.T, (0, 1, 2, 3, worst), strict=True):
    column[0].imshow(held_out.images[scene].movedim(0, -1))
    column[1].imshow(held_out.labels[scene], **colours)
    shown = column[2].imshow(guess[scene], **colours)
    for ax in column:
        ax.set(xticks=[], yticks=[])
for ax, name in zip(axes[:, 0], ("picture", "truth", "network"), strict=True):
    ax.set_ylabel(name)
axes[0, 4].set_title("the worst")
names = figure.colorbar(shown, ax=axes, ticks=range(5))
names.ax.set_yticklabels(CLASSES)
plt.show()
