import matplotlib.pyplot as plt
import torch

from dlbasic.data.scenes import KINDS, draw
from dlbasic.tasks.detection import (
    Detections,
    average_precision,
    detect,
    precision_recall,
    trained,
)

model, seen, unseen = trained(), draw(1024, seed=1000), draw(512, seed=1)
numbers = torch.arange(1, 1 + len(KINDS))
mean_boxes = torch.stack([seen.boxes[seen.kinds == kind].mean(dim=0) for kind in numbers])
found = {
    "the mean box of each kind": [Detections(mean_boxes, torch.ones(4), numbers)] * 512,
    "every guess": detect(model, unseen.images, threshold=1.0),
    "NMS at 0.3": detect(model, unseen.images, threshold=0.3),
    "NMS at 0.5": detect(model, unseen.images),
    "NMS at 0.7": detect(model, unseen.images, threshold=0.7),
}
table = {
    name: average_precision(lists, unseen.boxes, unseen.kinds) for name, lists in found.items()
}
heads = "".join(f"{head:>9}" for head in (*KINDS, "mean"))
print(f"AP in %, IoU of 0.5         boxes{heads}   0.5 to 0.95")
for name, ap in table.items():
    boxes = sum(len(some.scores) for some in found[name]) / len(unseen.images)
    values = "".join(f"{100 * value:9.1f}" for value in (*ap[0], ap[0].mean()))
    print(f"{name:26} {boxes:6.1f}{values} {100 * ap.mean():13.1f}")

figure, axes = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
for number, kind in enumerate(KINDS, start=1):
    precisions, recalls = precision_recall(found["NMS at 0.5"], unseen.boxes, unseen.kinds, number)
    axes.plot(recalls[0], precisions[0], label=kind)
axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.05))
axes.legend(loc="lower left")
plt.show()

assert table["NMS at 0.5"][0].mean() > 0.8
assert table["every guess"][0].mean() < table["NMS at 0.5"][0].mean() - 0.2
assert table["the mean box of each kind"][0].mean() < 0.2
