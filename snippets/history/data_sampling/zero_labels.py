import matplotlib.pyplot as plt
import torch

from dlbasic.data.handwriting import FONTS, trace, typeset
from dlbasic.history.data_sampling import deal, exam, few, render, sample
from dlbasic.losses.loss_and_goal import mean_over_seeds

SEEDS = range(10)
deals = [deal(seed=seed) for seed in SEEDS]
generators = [torch.Generator().manual_seed(seed) for seed in SEEDS]
printed = torch.arange(10).repeat_interleave(20)  # each digit in twenty fonts
dots, made = trace(printed, FONTS), torch.arange(10).repeat(500)
LABELS = (10, 20, 50, 100, 200, 500)


def real(number):
    return [[part[few(each.train[1], number // 10)] for part in each.train] for each in deals]


noise = [torch.rand(200, 8, 8, generator=each) for each in generators]
warped = [render(dots.repeat(4, 1, 1, 1), generator=each) for each in generators]
lessons = {
    "noise, labelled at random": [(each, printed) for each in noise],
    "one font": [(typeset(printed[::20], FONTS[:1]), printed[::20])] * 10,
    "20 fonts": [(typeset(printed, FONTS), printed)] * 10,
    "20 fonts, hand and scanner": [(each, printed.repeat(4)) for each in warped],
    "strokes, hand and scanner": [(sample(made, seed=seed), made) for seed in SEEDS],
    **{f"{number} real labels": real(number) for number in LABELS},
    "1000 real labels": [each.train for each in deals],
}
tests, right, said = [each.test for each in deals], {}, {}
print("learned from                  real digits read right (10 seeds)")
for name, lesson in lessons.items():
    right[name] = exam(lesson, tests, steps=600 if len(lesson[0][0]) >= 1000 else 150)
    said[name] = f"{mean_over_seeds(right[name]):.3f}"
    print(f"{name:29} {said[name]}")
*blind, zero = list(right)[1:5]
means, widths = zip(*(mean_over_seeds(each) for each in list(right.values())[5:]), strict=True)
figure, axes = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
axes.errorbar([*LABELS, 1000], means, widths, marker=".", label="real labels")
for color, name in zip(("C1", "C2", "C3"), (zero, *blind[:0:-1]), strict=True):
    axes.axhline(right[name].mean(), color=color, linestyle="--", label=name)
axes.set(xlabel="real labels (log scale)", ylabel="digits read right", xscale="log", ylim=(0.4, 1))
axes.legend(loc="lower right")
plt.show()

assert (right[zero] > torch.stack([right[name] for name in blind]) + 0.1).all()
assert right[zero].mean() > right["100 real labels"].mean() + 0.02
names = [zero, "20 fonts", "200 real labels", "1000 real labels"]
print("\nmeasured:", ", ".join(f"{said[name]} with {name}" for name in names), "(10 seeds)")
