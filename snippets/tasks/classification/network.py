import matplotlib.pyplot as plt
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from torch.nn.functional import avg_pool2d

from dlbasic.data.scenes import ACTIVITIES, draw
from dlbasic.tasks.classification import Classifier, accuracy, confusion_matrix, predict, train

seen, new = draw(6144, seed=1000), draw(2048, seed=1)
torch.manual_seed(0)
network = Classifier()
losses = [step.loss for step in train(network, seen.images, seen.activities)]
confidences, said = predict(network, new.images).max(dim=1)

pixels, others = (avg_pool2d(x.images.mean(1), 2).flatten(1).numpy() for x in (seen, new))
answers = {"most frequent": seen.activities.mode().values.expand(2048)}
for name, model in {
    "linear model": LogisticRegression(C=0.01, max_iter=500),
    "nearest picture": KNeighborsClassifier(1),
}.items():
    answers[name] = torch.tensor(model.fit(pixels, seen.activities.numpy()).predict(others))
answers["network"] = said

hidden = (~new.visible).sum(dim=1)
groups = [hidden >= 0, hidden == 0, (hidden > 0) & (hidden < 3), (hidden > 2) & (hidden < 5)]
groups.append(hidden > 4)
print("hidden joints       all      0    1–2    3–4     5+")
for name, answer in answers.items():
    tables = [confusion_matrix(new.activities[some], answer[some]) for some in groups]
    share = [accuracy(table) for table in tables]
    print(f"{name:16}" + "".join(f"{value:7.2f}" for value in share))
    assert (share[0] > 0.94) == (name == "network")
assert share[1] > share[4] + 0.05  # what cannot be seen is harder
assert losses[0] > 1.3 > 0.4 > losses[-1]

table, names = tables[0], range(5)
assert table[0, 1] + table[1, 0] > 0.2 * (new.activities != said).sum()  # one of ten pairs
figure, axes = plt.subplot_mosaic("MMAB;MMCD", figsize=(8, 4), layout="constrained")
axes["M"].imshow(table, cmap="Blues", vmax=1000)
for truth, answer in torch.cartesian_prod(torch.arange(5), torch.arange(5)).tolist():
    axes["M"].text(answer, truth, table[truth, answer].item(), ha="center", va="center")
axes["M"].set(xlabel="answer", ylabel="truth", yticks=names, yticklabels=ACTIVITIES)
axes["M"].set_xticks(names, ACTIVITIES, rotation=45)
for panel, scene in zip("ABCD", (confidences * (said != new.activities)).topk(4)[1], strict=True):
    title = f"{ACTIVITIES[new.activities[scene]]},\nsaid {ACTIVITIES[said[scene]]}"
    axes[panel].imshow(new.images[scene].movedim(0, -1))
    axes[panel].set(title=title, xticks=[], yticks=[])
plt.show()
