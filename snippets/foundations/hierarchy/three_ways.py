from itertools import product

import matplotlib.pyplot as plt
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

from dlbasic.foundations import hierarchy as h
from dlbasic.losses.loss_and_goal import mean_over_seeds

VIEWS = {"features": h.features, "pixels": lambda images: images.flatten(1)}
LEARNERS = {
    "logistic regression": [LogisticRegression(C=c, tol=1e-3, max_iter=500) for c in (1, 10)],
    "nearest neighbours": [KNeighborsClassifier(k) for k in (1, 3)],
    "SVM": [SVC(C=10, gamma=g) for g in (0.03, 0.1)],
}
sets, right = [], {}  # right: for each way, seed × kind of test
for seed in range(10):
    (x, y), (x_look, y_look), (x_test, y_test) = h.deal(seed=seed)
    tests = h.alter(x_test, seed=seed)
    sets.append((x, y, tests, y_test))
    answers = {"rules": h.read_by_rules(tests)}
    for (view, of), (name, models) in product(VIEWS.items(), LEARNERS.items()):
        best = max(models, key=lambda model: model.fit(of(x), y).score(of(x_look), y_look))
        answers[f"{name}, {view}"] = torch.tensor(best.predict(of(tests)))
    for way, answer in answers.items():
        rows = right.setdefault(way, torch.zeros(10, 4))
        rows[seed] = (answer.view(4, -1) == y_test).double().mean(dim=1)
x, y, tests, y_test = (torch.stack(part, dim=1) for part in zip(*sets, strict=True))
answer = h.learn_and_read(x, y, tests).view(4, -1, 10)  # ten networks, one for each seed
right["network, pixels"] = (answer == y_test).double().mean(dim=1).T

print("mean ± 95%, 10 seeds           as is          moved          covered        noisy")
for way, rows in right.items():
    print(f"{way:29}", *(f"{mean_over_seeds(kind):.3f}" for kind in rows.T), sep="  ")
as_is, moved, _, noisy = ({way: rows[:, k] for way, rows in right.items()} for k in range(4))
lead = as_is["SVM, pixels"] - as_is["network, pixels"]
assert lead.mean() > 0.002  # in the middle of the image, the network does not win
assert all((right[way][:, 0] > as_is["rules"]).all() for way in right if way != "rules")
assert all((moved["rules"] > moved[way]).all() for way in right if "pixels" in way)
assert (noisy["nearest neighbours, pixels"] > noisy["network, pixels"]).all()

m = {way: f"{rows.mean():.2f}" for way, rows in as_is.items()}
figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
ai = f"artificial intelligence\nrules written by hand: {m['rules']}"
ml = f"SVM on hand-made features: {m['SVM, features']}, on pixels: {m['SVM, pixels']}"
dl = f"deep learning: so do the features\nnetwork on pixels: {m['network, pixels']}"
h.draw_nested(axes, [ai, f"machine learning: the rules come from examples\n{ml}", dl])
plt.show()
