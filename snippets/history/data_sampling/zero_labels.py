import matplotlib.pyplot as plt
import torch

from dlbasic.data.handwriting import FONTS, trace, typeset
from dlbasic.history.data_sampling import deal, exam, few, render, sample
from dlbasic.losses.loss_and_goal import mean_over_seeds

SEEDS = range(10)
deals = [deal(seed=seed) for seed in SEEDS]
generators = [torch.Generator().manual_seed(seed) for seed in SEEDS]
printed = torch.arange(10).repeat_interleave(20)  # each digit in twenty fonts
dots, made = trace(printed, FONTS), torch.arange(10).repeat(400)
LABELS = [10 * k for k in (1, 2, 5, 10, 20, 50)]


def real(k):
    return [[part[few(each.train[1], k)] for part in each.train] for each in deals]


noise = [torch.rand(200, 8, 8, generator=each) for each in generators]
warped = [render(dots.repeat(5, 1, 1, 1), generator=each) for each in generators]
lessons = {
    "noise, labelled at random": [(each, printed) for each in noise],
    "one font": [(typeset(printed[::20], FONTS[:1]), printed[::20])] * 10,
    "20 fonts": [(typeset(printed, FONTS), printed)] * 10,
    "20 fonts, with hand and scanner": [(each, printed.repeat(5)) for each in warped],
    "strokes, with hand and scanner": [(sample(made, seed=seed), made) for seed in SEEDS],
    **{f"{count} real labels": real(count // 10) for count in LABELS},
    "1000 real labels": [each.train for each in deals],
}
print("learned from                       real digits read right (10 seeds)")
right = {}
for name, lesson in lessons.items():
    steps = 500 if "strokes" in name else 200  # more do not help the others
    right[name] = exam(lesson, [each.test for each in deals], steps=steps)
    print(f"{name:34} {mean_over_seeds(right[name]):.3f}")
zero, *few_labels, ceiling = list(right.values())[4:]
assert (zero > right["20 fonts, with hand and scanner"] + 0.1).all()
assert zero.mean() > right["100 real labels"].mean() + 0.02

figure, axes = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
curve = torch.stack([*few_labels, ceiling])
axes.errorbar([*LABELS, 1000], curve.mean(1), curve.std(1), marker=".", label="real labels")
for color, name in zip(("C1", "C2", "C3"), list(right)[4:1:-1], strict=True):
    axes.axhline(right[name].mean(), color=color, linestyle="--", label=name)
axes.set(xlabel="real labels", ylabel="real digits read right", xscale="log", ylim=(0.4, 1))
axes.legend(loc="lower right")
plt.show()
