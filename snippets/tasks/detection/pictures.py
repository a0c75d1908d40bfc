import matplotlib.pyplot as plt
import torch

from dlbasic.data.scenes import KINDS, draw
from dlbasic.tasks.detection import Detector, detect, iou, train

torch.manual_seed(0)
model, unseen = Detector(), draw(1024, seed=1)
list(train(model, draw(2048, seed=1000), steps=896))  # half of the full training
found = detect(model, unseen.images, lowest=0.4)
counts = torch.zeros(len(found), 5)
for scene, (boxes, _, kinds) in enumerate(found):
    there = unseen.kinds[scene] > 0
    overlaps = iou(boxes[:, None], unseen.boxes[scene, there])  # (guess, object)
    alike = kinds[:, None] == unseen.kinds[scene, there]
    near, other = (overlaps * alike).amax(dim=1), (overlaps * ~alike).amax(dim=1)
    right, renamed, close = near >= 0.5, other >= 0.5, near >= 0.1
    outcome = torch.where(right, 0, torch.where(renamed, 1, torch.where(close, 2, 3)))
    counts[scene, :4] = torch.bincount(outcome, minlength=4)
    counts[scene, 4] = (~((overlaps >= 0.5) & alike).any(dim=0)).sum()

shares = counts.sum(dim=0) / counts[:, :4].sum()
shares[4] = counts[:, 4].sum() / (unseen.kinds > 0).sum()
for name, share in zip(("right", "other kind", "box off", "nothing there"), shares, strict=False):
    print(f"{name:14} {share:6.1%} of the guesses")
print(f"{'not found':14} {shares[4]:6.1%} of the objects")
assert shares[0] > 0.7
assert shares[1] > shares[2] > shares[3]
assert shares[4] < 0.3

worst = counts[:, 1:].sum(dim=1).argsort(descending=True, stable=True)[:2].tolist()
figure, axes = plt.subplots(2, 5, figsize=(8, 3.9), layout="constrained")
for column, scene in enumerate([0, 1, 2, *worst]):
    there = unseen.kinds[scene] > 0
    truth = (unseen.boxes[scene, there], unseen.kinds[scene, there])
    for plot, lists in zip(axes[:, column], (truth, found[scene][::2]), strict=True):
        plot.imshow(unseen.images[scene].movedim(0, 2), extent=(0, 48, 48, 0))
        plot.set(xticks=[], yticks=[])
        for (left, top, right, bottom), kind in zip(*lists, strict=True):
            x, y = (left, right, right, left, left), (top, top, bottom, bottom, top)
            plot.plot(x, y, f"C{kind - 1}")
for number, kind in enumerate(KINDS):
    axes[0, 0].plot([], [], f"C{number}", label=kind)
axes[0, 0].set_ylabel("truth")
axes[1, 0].set_ylabel("found")
figure.legend(loc="outside lower center", ncols=4)
plt.show()
