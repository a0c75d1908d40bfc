import matplotlib.pyplot as plt
from matplotlib.colors import ListedColormap

from dlbasic.data.scenes import draw
from dlbasic.tasks.segmentation import CLASSES, class_shares

scenes = draw(1024, seed=1)
shares = class_shares(scenes.labels)
for name, share in zip(CLASSES, shares, strict=True):
    print(f"{name:10} {share:6.1%} of all pixels")
assert shares[0] > 0.75
assert shares[1:].max() < 0.1

rgb = [(0.16, 0.18, 0.24), (0.9, 0.35, 0.35), (0.35, 0.55, 0.95), (0.4, 0.75, 0.4), (1, 0.85, 0.4)]
figure, axes = plt.subplots(2, 4, figsize=(8, 3.8), layout="constrained")
for column, scene in enumerate((0, 2, 4, 9)):
    axes[0, column].imshow(scenes.images[scene].movedim(0, -1))
    shown = axes[1, column].imshow(
        scenes.labels[scene], cmap=ListedColormap(rgb), vmin=-0.5, vmax=4.5
    )
for ax in axes.flat:
    ax.set_axis_off()
names = figure.colorbar(shown, ax=axes, ticks=range(5))
names.ax.set_yticklabels(CLASSES)
plt.show()
