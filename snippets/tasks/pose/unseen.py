import matplotlib.pyplot as plt
import torch

from dlbasic.data import scenes as data
from dlbasic.data.scenes import JOINTS, PARENTS
from dlbasic.tasks.pose import pckh, predict, swapped, trained

model = trained()
scenes = data.draw(2048, seed=1)  # none of them was trained on
joints, visible = scenes.joints, scenes.visible
places = predict(model, scenes.images)
mean_pose = data.draw(2048, seed=1000).joints.mean(dim=0).expand_as(joints)

print("PCKh          visible  hidden  mean pose")
for name in (*JOINTS, "all"):
    counted = torch.tensor([name in (joint, "all") for joint in JOINTS]).expand_as(visible)
    seen, hidden = (pckh(places, joints, counted & part) for part in (visible, ~visible))
    print(f"{name:12} {seen:8.2f} {hidden:7.2f} {pckh(mean_pose, joints, counted):10.2f}")
assert seen > hidden + 0.1
assert pckh(places, joints) > 0.92

tint = data.LEFT_LIMBS
data.LEFT_LIMBS = (1.0, 1.0, 1.0)  # the same scenes again, left limbs no longer tinted
alike = predict(model, data.draw(2048, seed=1).images)
data.LEFT_LIMBS = tint
tinted, untinted = swapped(places, joints), swapped(alike, joints)
print("swapped       tinted  untinted")
for number, name in enumerate(data.ACTIVITIES):
    chosen = scenes.activities == number
    print(f"{name:12} {tinted[chosen].nanmean():7.1%} {untinted[chosen].nanmean():9.1%}")
assert tinted.nanmean() < 0.01
assert untinted.nanmean() > 0.05

order = (places - joints).norm(dim=2).mean(dim=1).argsort()
ranks = {"nearest": 0, "middle": 1024, "9 of 10 are nearer": 1843, "farthest": 2047}
figure, axes = plt.subplots(2, 4, figsize=(8, 4.3), sharex=True, sharey=True, layout="constrained")
for column, (title, rank) in enumerate(ranks.items()):
    n = order[rank]
    for row, pose in enumerate((joints[n], places[n])):
        axes[row, column].imshow(scenes.images[n].permute(1, 2, 0), extent=(0, 48, 48, 0))
        for joint, parent in enumerate(PARENTS):
            if parent is not None:
                colour = "C0" if JOINTS[joint].startswith("left") else "C1"
                axes[row, column].plot(*pose[[parent, joint]].T, color=colour, linewidth=2)
    axes[0, column].set(title=title, xlim=(0, 48), ylim=(48, 0), yticks=[0, 24, 48])
    axes[1, column].set(xlabel="x in pixels", xticks=[0, 24, 48])
axes[0, 0].set_ylabel("truth\ny in pixels")
axes[1, 0].set_ylabel("prediction\ny in pixels")
plt.show()
