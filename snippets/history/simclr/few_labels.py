import matplotlib.pyplot as plt
import torch
from torch import nn

from dlbasic.history.simclr import (
    Encoder,
    SimCLR,
    accuracy,
    few,
    linear_probe,
    pictures,
    train,
    train_supervised,
    whole,
)

EACH, SEEDS = (1, 2, 5, 10), 10
scores = {}
for seed in range(SEEDS):  # of the split, the colours, the weights, the views and the labels
    world = pictures(seed=seed)
    torch.manual_seed(seed)
    model, untrained = SimCLR(), Encoder()
    list(train(model, world.images, seed=seed))
    for each in EACH:
        rows = few(world.digits, each=each, seed=seed)
        labelled, classifiers = (world.images[rows], world.digits[rows]), {}
        for name, setting in [("same views", {}), ("whole pictures", {"view": whole, "steps": 40})]:
            torch.manual_seed(seed)
            classifiers["from scratch, " + name] = nn.Sequential(Encoder(), nn.Linear(64, 10))
            list(train_supervised(classifiers["from scratch, " + name], *labelled, **setting))
        classifiers["SimCLR, probe"] = linear_probe(model.encoder, *labelled)
        classifiers["untrained, probe"] = linear_probe(untrained, *labelled)
        classifiers["pixels, probe"] = linear_probe(nn.Flatten(), *labelled)
        for name, classifier in classifiers.items():
            right = accuracy(classifier, world.test_images, world.test_digits)
            scores.setdefault(name, []).append(right)

print(f"labels a class            {EACH[0]:8} {EACH[1]:14} {EACH[2]:14} {EACH[3]:14}")
for name in sorted(scores):
    right = scores[name] = torch.tensor(scores[name]).view(SEEDS, len(EACH))
    mean, interval = right.mean(0), 2.26 * right.std(0) / SEEDS**0.5  # 95%: Student's t
    cells = [f"{m:.3f} ± {i:.3f}" for m, i in zip(mean, interval, strict=True)]
    print(f"{name:28}", *cells, sep="  ")
    plt.errorbar(EACH, mean, interval, capsize=3, label=name)
plt.show()
d = scores["SimCLR, probe"] - scores["from scratch, same views"]
print(d.mean(0), 2.26 * d.std(0) / SEEDS**0.5)
