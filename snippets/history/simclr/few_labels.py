import matplotlib.pyplot as plt
import torch
from torch import nn

from dlbasic.history import simclr
from dlbasic.history.simclr import Encoder, SimCLR, accuracy, linear_probe, random_view, whole

EACH, SEEDS = (1, 2, 5, 10), range(10)
RIVALS = {"scratch, same views": (random_view, 50), "scratch": (whole, 25)}
scores = {}
for seed in SEEDS:  # of the split, the colours, the weights, the views and the labels
    (images, digits), test = simclr.pictures(seed=seed)
    torch.manual_seed(seed)
    model, untrained = SimCLR(), Encoder()
    list(simclr.train(model, images, seed=seed))
    for each in EACH:
        rows = simclr.few(digits, each=each, seed=seed)
        some = images[rows], digits[rows]
        classifiers = {"SimCLR": linear_probe(model.encoder, *some)}
        for name, (view, steps) in RIVALS.items():
            torch.manual_seed(seed)
            rival = classifiers[name] = nn.Sequential(Encoder(), nn.Linear(64, 10))
            list(simclr.train_supervised(rival, *some, view=view, steps=steps, seed=seed))
        classifiers["pixels, same views"] = linear_probe(nn.Flatten(), *some)
        classifiers["pixels"] = linear_probe(nn.Flatten(), *some, view=whole)
        classifiers["untrained encoder"] = linear_probe(untrained, *some)
        for name, classifier in classifiers.items():
            scores.setdefault(name, []).append(accuracy(classifier, *test))


def told(values):  # mean and 95% interval: Student's t for 10 seeds
    return f"{values.mean():.2f} ± {2.26 * values.std() / len(values) ** 0.5:.2f}"


print("labels a class       ", *(f"{each:11}" for each in EACH))
for name in scores:
    right = scores[name] = torch.tensor(scores[name]).view(-1, len(EACH))
    print(f"{name:21}", *(f"{told(column):>11}" for column in right.T))
    plt.errorbar(EACH, right.mean(0), 2.26 * right.std(0) / 10**0.5, capsize=3, label=name)
plt.gca().set(xticks=EACH, xlabel="labels a class", ylabel="accuracy", ylim=(0, 1.05))
plt.legend(ncols=2, loc="upper left")
plt.show()

lead, fair = (scores["SimCLR"] - scores[name] for name in ("scratch", "scratch, same views"))
assert (lead.mean(0)[:3] > 0.1).all()
assert fair.mean(0)[0] > 0.02  # one label a class
assert fair.mean(0)[2:].abs().max() < 0.06  # five, which is 1% of the pictures, and ten
over = [", ".join(told(column) for column in gap.T) for gap in (lead, fair)]
print("\nmeasured: the probe's lead with 1, 2, 5, 10 labels a class is", over[0], end=" ")
print("over training from scratch, and", over[1], "if that sees the same random views (10 seeds)")
