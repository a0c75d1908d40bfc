import matplotlib.pyplot as plt
import torch

from dlbasic.data.handwriting import FONTS, trace, typeset
from dlbasic.history.data_sampling import deal, exam, few, render, sample
from dlbasic.losses.loss_and_goal import mean_over_seeds

SEEDS, SIZES = range(10), (100, 200, 1000)
deals = [deal(seed=seed) for seed in SEEDS]
printed, made = torch.arange(10).repeat_interleave(20), torch.arange(10).repeat(200)
dots = trace(printed, FONTS).repeat(2, 1, 1, 1)  # each digit in twenty fonts, twice
hands = [torch.Generator().manual_seed(seed) for seed in SEEDS]
real = {
    size: [[part[few(each.train[1], size // 10)] for part in each.train] for each in deals]
    for size in SIZES[:-1]
} | {1000: [each.train for each in deals]}
drawn = [sample(made, seed=seed) for seed in SEEDS]
both = [  # half of it real: the same 200 images, repeated
    (torch.cat([images, x.repeat(10, 1, 1)]), torch.cat([made, y.repeat(10)]))
    for images, (x, y) in zip(drawn, real[200], strict=True)
]
lessons = {
    "20 fonts": [(typeset(printed, FONTS), printed)] * 10,
    "20 fonts, hand and scanner": [(render(dots, generator=g), printed.repeat(2)) for g in hands],
    "strokes, hand and scanner": [(images, made) for images in drawn],
    **{f"{size} real labels": lesson for size, lesson in real.items()},
    "strokes and 200 real labels": both,
}
right = {name: exam(each, [d.test for d in deals]) for name, each in lessons.items()}
said = {name: f"{mean_over_seeds(accuracies):.3f}" for name, accuracies in right.items()}
print("learned from                  real digits read right (10 seeds)")
print("\n".join(f"{name:29} {words}" for name, words in said.items()))

fonts, warped, zero, *labels, added = right
figure, axes = plt.subplots(figsize=(6.5, 4.4), layout="constrained")
for color, name in zip(("C1", "C2", "C3"), (zero, warped, fonts), strict=True):
    axes.axhline(right[name].mean(), color=color, linestyle="--", label=name)
means, widths = zip(*(mean_over_seeds(right[name]) for name in labels), strict=True)
axes.errorbar(SIZES, means, widths, marker=".", label="real labels")
axes.errorbar(200, *mean_over_seeds(right[added]), marker="o", color="C4", label=added)
axes.set(xlabel="real labels (log scale)", ylabel="digits read right", xscale="log")
axes.set_xticks(SIZES, [str(size) for size in SIZES])
figure.legend(loc="outside lower center", ncols=2)
plt.show()

ahead = {name: (right[zero] - right[name]).mean() for name in right}
assert ahead[warped] > 0.2 > ahead["100 real labels"] > 0 > ahead["1000 real labels"] + 0.03
assert 0.01 > ahead["200 real labels"] > ahead[added] + 0.015  # both: better than either
words = ", ".join(f"{said[name]} with {name}" for name in (zero, fonts, *labels))
print(f"\nmeasured: {words} (10 seeds)")
