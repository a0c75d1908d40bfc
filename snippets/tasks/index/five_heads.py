import matplotlib.pyplot as plt
import torch
from matplotlib.colors import ListedColormap

from dlbasic.data import questions as q
from dlbasic.data.scenes import ACTIVITIES, PARENTS, draw
from dlbasic.tasks import classification, detection, pose, segmentation, visual_qa

RGB = [(0.16, 0.18, 0.24), (0.9, 0.35, 0.35), (0.35, 0.55, 0.95), (0.4, 0.75, 0.4), (1, 0.85, 0.4)]
COLOURS = {"cmap": ListedColormap(RGB), "vmin": -0.5, "vmax": 4.5}
SCENES = [6, 0]  # of those that no network has seen: one that goes well, and one that does not

few, new = 2048, draw(64, seed=1)  # a third of what the chapters train on, or less
_, detector, scenes = torch.manual_seed(0), detection.Detector(), draw(few, seed=1000)
list(detection.train(detector, scenes, steps=400))
asked = visual_qa.interview(new, num_questions=1, seed=5)
chances = classification.predict(classification.trained(num_scenes=few), new.images)
labels = segmentation.predict(segmentation.trained(num_scenes=few), new.images)
found = detection.detect(detector.eval(), new.images, lowest=0.4)
joints = pose.predict(pose.trained(num_scenes=few), new.images)
replies = visual_qa.predict(visual_qa.trained(num_scenes=few), new.images, asked.words)[:, 0]

figure, panels = plt.subplots(2 * len(SCENES), 5, figsize=(8, 7), layout="constrained")
for n, (truth, guess) in zip(SCENES, panels.reshape(-1, 2, 5), strict=True):
    for panel in (*truth, *guess):
        panel.imshow(new.images[n].movedim(0, -1))
        panel.set(xticks=[], yticks=[])
    truth[0].set(ylabel="truth", title=ACTIVITIES[new.activities[n]])
    guess[0].set(ylabel="networks", title=ACTIVITIES[chances[n].argmax()])
    there = new.kinds[n] > 0
    boxes = [(new.boxes[n, there], new.kinds[n, there]), (found[n].boxes, found[n].kinds)]
    places, answers = (new.joints[n], joints[n]), (asked.answers[n, 0], replies[n].argmax())
    for row, label, (sides, kinds), place, answer in zip(
        (truth, guess), (new.labels[n], labels[n]), boxes, places, answers, strict=True
    ):
        row[1].imshow(label, **COLOURS)
        for (x, y, right, bottom), kind in zip(sides.tolist(), kinds.tolist(), strict=True):
            box = plt.Rectangle((x - 0.5, y - 0.5), right - x, bottom - y, fill=False)
            row[2].add_patch(box).set(edgecolor=RGB[kind], linewidth=2)
        for joint, parent in enumerate(PARENTS):
            if parent is not None:
                row[3].plot(*(place[[joint, parent]] - 0.5).T, color="C1")
        row[4].set_title(q.ANSWERS[answer])
    truth[4].set_xlabel(q.decode(asked.words[n, 0]).replace(" the", "\nthe"), fontsize=9)
for panel, name in zip(panels[-1], ("which?", "pixels", "boxes", "joints", "words"), strict=True):
    panel.set_xlabel(name)
plt.show()

assert (chances.argmax(dim=1) == new.activities).float().mean() > 0.6
assert (labels == new.labels).float().mean() > 0.9
