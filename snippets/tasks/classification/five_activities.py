import matplotlib.pyplot as plt

from dlbasic.data.scenes import ACTIVITIES, draw
from dlbasic.tasks.classification import one_hot

scenes = draw(6144, seed=1000)
hidden = (~scenes.visible).sum(dim=1)  # joints of the person that cannot be seen

figure, axes = plt.subplots(3, 5, figsize=(7, 4.5), layout="constrained")
print("activity   one-hot row            share   half the joints hidden")
for number, (name, column) in enumerate(zip(ACTIVITIES, axes.T, strict=True)):
    mine = scenes.activities == number
    row = one_hot(scenes.activities[mine][:1])[0].int().tolist()
    share, hard = mine.float().mean(), (mine & (hidden >= 6)).sum()
    print(f"{name:9} {row!s:17} {share:12.2f} {hard:15} scenes")
    assert abs(share - 0.2) < 0.02  # so always saying the same is right one time in five
    for panel, least in zip(column, (0, 1, 4), strict=True):
        first = (mine & (hidden >= least)).int().argmax()
        panel.imshow(scenes.images[first].movedim(0, -1))
        panel.set(xticks=[], yticks=[])
    column[0].set_title(name)
for panel, words in zip(axes[:, 0], ("any", "1 or more", "4 or more"), strict=True):
    panel.set_ylabel(f"{words} hidden")
plt.show()
