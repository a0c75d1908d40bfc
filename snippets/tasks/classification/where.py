import matplotlib.pyplot as plt
import torch

from dlbasic.data.scenes import ACTIVITIES, JOINTS, PARENTS, SIZE, draw
from dlbasic.tasks.classification import confusion_matrix, cover, predict, trained

scenes, model = draw(1024, seed=1), trained(num_scenes=2048)
right = predict(model, scenes.images).argmax(dim=1) == scenes.activities
some = right & scenes.visible.all(dim=1)  # nothing is hidden, and the answer is right
images, joints, activities = scenes.images[some], scenes.joints[some], scenes.activities[some]

lost, tables = [], []
print("covered      " + "".join(f"{name:>10}" for name in ACTIVITIES))
for number, joint in enumerate(JOINTS):
    covered = cover(images, joints[:, number], side=12)
    tables.append(confusion_matrix(activities, predict(model, covered).argmax(dim=1)))
    lost.append(1 - tables[-1].diag() / tables[-1].sum(dim=1))
    print(f"{joint:13}" + "".join(f"{part:10.2f}" for part in lost[-1]))

print("\nanswers      " + "".join(f"{name:>10}" for name in ACTIVITIES))
for activity, joint in (("waving", "right elbow"), ("standing", "head")):
    answers = tables[JOINTS.index(joint)][ACTIVITIES.index(activity)].tolist()
    print(f"{activity:13}" + "".join(f"{n:10}" for n in answers) + f"   {joint} covered")
    assert min(answers[:2]) > max(answers[2:])  # standing and waving share nearly all
waving = ACTIVITIES.index("waving")
assert lost[JOINTS.index("right elbow")][waving] > 0.15 + lost[JOINTS.index("left elbow")][waving]

figure, axes = plt.subplots(1, 5, figsize=(8, 2.3), layout="constrained")
for activity, panel in enumerate(axes):
    body = joints[(activities == activity).int().argmax()]
    for joint, parent in enumerate(PARENTS):
        panel.plot(*body[[joint, joint if parent is None else parent]].T, color="grey", zorder=0)
    parts = torch.stack(lost)[:, activity]
    sizes = 20 + 300 * parts
    dots = panel.scatter(*body.T, sizes, c=parts, edgecolor="grey", vmin=0, vmax=1)
    panel.set(title=ACTIVITIES[activity], xticks=[], yticks=[], aspect="equal")
    panel.set(xlim=(0, SIZE), ylim=(SIZE, 0))
figure.colorbar(dots, label="part lost")
plt.show()
