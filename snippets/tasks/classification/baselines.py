import matplotlib.pyplot as plt
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from torch.nn.functional import avg_pool2d

from dlbasic.data.scenes import ACTIVITIES, draw

seen = draw(6144, seed=1000)
pixels = avg_pool2d(seen.images.mean(dim=1), 2).flatten(1).numpy()  # 24×24 shades of grey
activities = seen.activities.numpy()

print("accuracy on 1,024 of the scenes, learnt from the others")
scores = {}
for c in (0.001, 0.01, 0.1):
    scores["linear model, C =", c] = LogisticRegression(C=c, max_iter=500)
for k in (1, 5, 15, 45):
    scores["nearest neighbours, k =", k] = KNeighborsClassifier(k)
for (name, setting), model in scores.items():
    model.fit(pixels[1024:], activities[1024:])
    scores[name, setting] = model.score(pixels[:1024], activities[:1024])
    print(f"{name:24}{setting:<6} {scores[name, setting]:.2f}")
assert min(scores.values()) > 0.25
assert max(scores.values()) < 0.5

nearest = model.kneighbors(pixels[:3], 5, return_distance=False)
figure, axes = plt.subplots(3, 6, figsize=(7.5, 4.4), layout="constrained")
for scene, row in enumerate(axes):
    for panel, index in zip(row, [scene, *(1024 + nearest[scene])], strict=True):
        panel.imshow(seen.images[index].mean(dim=0), cmap="gray", vmin=0, vmax=1)
        panel.set(title=ACTIVITIES[activities[index]], xticks=[], yticks=[])
    row[0].set_ylabel("new")
plt.show()
