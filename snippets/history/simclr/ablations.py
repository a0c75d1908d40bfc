import matplotlib.pyplot as plt
import torch
from torch import nn

from dlbasic.history import simclr
from dlbasic.history.simclr import accuracy, crop, few, linear_probe, whole

COLOUR = {"view": lambda images, **random: simclr.distort_colour(whole(images), **random)}
SETTINGS = {"crop and colour": {}, "crop alone": {"view": crop}, "colour alone": COLOUR}
SETTINGS |= {"temperature 1": {"temperature": 1.0}, "no head": {}}
results = {name: [] for name in [*SETTINGS, "z instead of h"]}
for seed in range(10):
    (images, digits), (test, test_digits) = simclr.pictures(seed=seed)
    hues, test_hues = (each[:, :, 0, 0].argmax(dim=1) for each in (images, test))  # of the paper
    rows, others = (few(labels, each=10, seed=seed) for labels in (digits, hues))
    networks = {}
    for name, setting in SETTINGS.items():
        torch.manual_seed(seed)
        model = simclr.SimCLR()
        model.head = nn.Identity() if name == "no head" else model.head
        list(simclr.train(model, images, **setting, steps=35, seed=seed))
        networks[name] = model.encoder
        networks.setdefault("z instead of h", model)
    for name, network in networks.items():
        digit = linear_probe(network, images[rows], digits[rows])
        hue = linear_probe(network, images[others], hues[others], view=whole)
        scores = accuracy(digit, test, test_digits), accuracy(hue, test, test_hues)
        results[name].append(scores)

right = torch.tensor(list(results.values())).movedim(2, 0)  # which question, setting, seed
gaps = right - right[:, :1]  # to the first setting, seed by seed
print("right answers to        which digit?  which paper?  digit, against the first")
for k, name in enumerate(results):
    told = [(x.mean(), 2.26 * x.std() / 10**0.5) for x in (*right[:, k], gaps[0, k])]  # 95%: t
    print(f"{name:21}", *(f"{mean:6.2f} ± {interval:.2f}" for mean, interval in told))
plt.figure(figsize=(6.4, 4), layout="constrained")
for label, x in zip(("which digit?", "which paper?"), right, strict=True):
    interval = 2.26 * x.std(1) / 10**0.5
    plt.errorbar(x.mean(1), list(results), xerr=interval, fmt="o", capsize=3, label=label)
plt.gca().set(xlim=(0, 1), xlabel="share of right answers", ylim=(5.5, -0.5))
plt.legend(loc="lower left")
plt.show()

digit, hue = gaps.mean(dim=2).tolist()
assert digit[1] < -0.3
assert abs(digit[2]) < 0.1
assert hue[2] < -0.15
assert digit[3] < -0.02 < 0.02 < digit[4]
assert max(digit[5], hue[5]) < -0.02
