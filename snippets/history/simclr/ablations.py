import matplotlib.pyplot as plt
import torch
from torch import nn

from dlbasic.history import simclr
from dlbasic.history.simclr import accuracy, crop, few, linear_probe, pictures, whole


def recolour(images, *, generator):
    return simclr.distort_colour(whole(images), generator=generator)


ARMS = {
    "crop and colour": {},
    "crop alone": {"view": crop},
    "colour alone": {"view": recolour},
    "temperature 0.05": {"temperature": 0.05},
    "temperature 1": {"temperature": 1.0},
    "no head": {},
}
names = [*ARMS, "z, not h"]
loss, digit, paper = torch.zeros(3, len(names), 10)
for seed in range(10):
    world = pictures(seed=seed)
    hue, test_hue = (each[:, :, 0, 0].argmax(dim=1) for each in (world.images, world.test_images))
    some, others = (few(labels, each=10, seed=seed) for labels in (world.digits, hue))
    outputs = []
    for k, (name, setting) in enumerate(ARMS.items()):
        torch.manual_seed(seed)
        model = simclr.SimCLR()
        model.head = nn.Identity() if name == "no head" else model.head
        steps = list(simclr.train(model, world.images, **setting, steps=40, seed=seed))
        loss[k, seed] = steps[-1].loss
        outputs.append(model)
    for k, f in enumerate([*(model.encoder for model in outputs), outputs[0]]):
        probe = linear_probe(f, world.images[some], world.digits[some])
        digit[k, seed] = accuracy(probe, world.test_images, world.test_digits)
        probe = linear_probe(f, world.images[others], hue[others], view=whole)
        paper[k, seed] = accuracy(probe, world.test_images, test_hue)

print("10 labels a class            loss        digit right      paper right")
for k, name in enumerate(names):
    print(f"{name:18}", *(f"{x[k].mean():7.2f} ± {0.715 * x[k].std():.2f}" for x in (loss, digit, paper)))
for k in range(1, 7):
    d = digit[k] - digit[0]; e = paper[k]-paper[0]
    print(names[k], d.mean(), .715*d.std(), e.mean(), .715*e.std())
