import matplotlib.pyplot as plt
import torch

from dlbasic.history.data_sampling import PIECES, deal, exam, sample
from dlbasic.losses.loss_and_goal import mean_over_seeds

SEEDS = range(10)
tests = [deal(seed=seed).test for seed in SEEDS]
digits = torch.arange(10).repeat(20)


def accuracy(*without):
    lessons = [(sample(digits, without=without, seed=seed), digits) for seed in SEEDS]
    return exam(lessons, tests, steps=50)


everything, nothing = accuracy(), accuracy(*PIECES)
print(f"all pieces {mean_over_seeds(everything):.3f}, none {mean_over_seeds(nothing):.3f}")
print("piece      lost without it   won by it alone   (10 seeds)")
lost, won = {}, {}
for piece in PIECES:
    lost[piece] = everything - accuracy(piece)
    won[piece] = accuracy(*(other for other in PIECES if other != piece)) - nothing
    print(f"{piece:10} {mean_over_seeds(lost[piece]):6.3f}    {mean_over_seeds(won[piece]):.3f}")

figure, axes = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
places = torch.arange(len(PIECES))
for k, (name, gains) in enumerate({"lost without it": lost, "won by it alone": won}.items()):
    means, widths = zip(*(mean_over_seeds(gain) for gain in gains.values()), strict=True)
    axes.bar(places + 0.4 * k, means, 0.38, yerr=widths, color=f"C{k}", label=name, ecolor="grey")
axes.axhline(0, color="grey", linewidth=0.8)
axes.set_xticks(places + 0.2, PIECES)
axes.set(ylabel="part of the real digits")
axes.legend()
plt.show()

gone = {piece: gain.mean() for piece, gain in lost.items()}
assert everything.mean() > nothing.mean() + 0.3
assert gone["size"] > max(gone[piece] for piece in PIECES if piece != "size") + 0.05
assert gone["shapes"] > 0.04 > max(gone["posture"], gone["grey"])
assert min(won[piece].mean() for piece in ("posture", "grey", "wobble")) > 0.04
