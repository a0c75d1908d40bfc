import matplotlib.pyplot as plt
import torch
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

from dlbasic.foundations import hierarchy as h
from dlbasic.losses.loss_and_goal import mean_over_seeds

UPDATES = {10: 60, 100: 120, 1000: 240}  # of the network, for each number of images
TASKS = {"in the middle": (8, 0), "anywhere": (12, 0), "anywhere, among specks": (12, 4)}
LEARNERS = {
    "SVM, features": (SVC(C=10, gamma=0.03), h.features),
    "SVM, pixels": (SVC(C=10, gamma=0.1), lambda images: images.flatten(1)),
    "nearest neighbour, pixels": (KNeighborsClassifier(1), lambda images: images.flatten(1)),
}
right = torch.zeros(3, 5, 3, 10)  # task × way × number of images × seed
for scores, (size, specks) in zip(right, TASKS.values(), strict=True):
    sets = []
    for seed in range(10):
        (x, y), _, (x_test, y_test) = h.deal(seed=seed)
        where = {"size": size, "specks": specks, "generator": torch.Generator().manual_seed(seed)}
        x, x_test = h.place(x, **where), h.place(x_test, **where)
        sets.append((x, y, x_test, y_test))
        scores[0, :, seed] = (h.read_by_rules(x_test) == y_test).double().mean()
        for way, (model, of) in enumerate(LEARNERS.values(), start=1):
            for row, n in enumerate(UPDATES):
                scores[way, row, seed] = model.fit(of(x[:n]), y[:n]).score(of(x_test), y_test)
    x, y, x_test, y_test = (torch.stack(part, dim=1) for part in zip(*sets, strict=True))
    for row, (n, steps) in enumerate(UPDATES.items()):
        answer = h.learn_and_read(x[:n], y[:n], x_test, steps=steps)  # ten networks at once
        scores[4, row] = (answer == y_test).double().mean(dim=0)
figure, panels = plt.subplots(1, 3, sharey=True, figsize=(8, 3.6), layout="constrained")
for panel, task, scores in zip(panels, TASKS, right, strict=True):
    print(f"{task:27}", *(f"{n:4} images" for n in UPDATES), sep="   ")
    for name, rows in zip(["rules", *LEARNERS, "network, pixels"], scores, strict=True):
        means = [mean_over_seeds(row) for row in rows]
        print(f"  {name:25}", *(f"{mean:.2f}" for mean in means), sep="   ")
        panel.errorbar(list(UPDATES), *zip(*means, strict=True), label=name)
    panel.set(title=task, xlabel="images to learn from", xscale="log")
    panel.set_xticks(list(UPDATES), list(UPDATES))
panels[0].set(ylabel="part read right")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
plt.show()
rules, features, pixels, nearest, network = right.mean(dim=3).unbind(dim=1)  # task × images
assert (network[:, 0] + 0.1 < rules[:, 0]).all()  # from ten images, in each task
assert network[0, 2] + 0.002 < pixels[0, 2]  # in the middle, from a thousand
assert network[1, 1] + 0.08 < features[1, 1]  # anywhere
assert abs(network[1, 2] - features[1, 2]) < 0.02
assert all((network[1] > other[1] + 0.05).all() for other in (pixels, nearest))
assert (network[2, 1:] > right[2, :4, 1:].mean(dim=2).amax(dim=0) + 0.05).all()  # among specks
