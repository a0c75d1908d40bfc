import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from dlbasic.losses.cross_entropy import cross_entropy

images, digits = load_digits(return_X_y=True)
groups = ["training digits", "one of them mislabelled", "held-out digits"]
factors = [0.25, 0.5, 1, 2, 4]
losses, accuracy = torch.zeros(2, 10, 5, 3)  # split, factor, group

for seed in range(10):
    train, held_out, labels, others = train_test_split(images / 16, digits, random_state=seed)
    model = LogisticRegression(C=100, max_iter=1000).fit(train, labels)
    slipped = labels.copy()
    slipped[0] = (labels[0] + 1) % 10
    for g, (inputs, right) in enumerate([(train, labels), (train, slipped), (held_out, others)]):
        logits, right = torch.tensor(model.decision_function(inputs)), torch.tensor(right)
        for f, factor in enumerate(factors):
            losses[seed, f, g] = cross_entropy(factor * logits, torch.eye(10)[right])
            accuracy[seed, f, g] = ((factor * logits).argmax(dim=1) == right).float().mean()

print("mean of 10 splits         factor", *(f"{factor:8}" for factor in factors))
for g, group in enumerate(groups):
    print(f"{group:23} accuracy", *(f"{x:8.3f}" for x in accuracy[..., g].mean(0)))
    print(f"{'':23}     loss", *(f"{x:8.1e}" for x in losses[..., g].mean(0)))

assert (accuracy == accuracy[:, :1]).all()  # the factor changes no decision
assert (losses[..., 0].diff(dim=1) < 0).all()  # all are right, and the loss asks for more
assert (losses[:, -1, 1] > 10 * losses[:, -1, 0]).all()  # one label is nearly all of the mean
assert (losses[:, -1, 1:] > 1.3 * losses[:, :, 1:].amin(dim=1)).all()  # a mistake turns it up

figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
axes.semilogy(factors, losses.mean(0), "o-", label=groups)
axes.set(xlabel="factor on all logits", ylabel="mean cross-entropy (nats)")
axes.legend()
plt.show()
