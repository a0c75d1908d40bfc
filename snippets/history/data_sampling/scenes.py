import torch

from dlbasic.data.scenes import draw
from dlbasic.history.data_sampling import exam
from dlbasic.losses.loss_and_goal import mean_over_seeds

SEEDS = range(10)
SHADES = torch.tensor([0.3, 0.5, 0.5, 0.5, 0.5, 0.85])  # paper, four shapes, a person


def lesson(kind, scenes, seed):
    """8×8 grey patches of the scenes, as many of each class: background, shape, person."""
    generator = torch.Generator().manual_seed(seed)
    grey = scenes.images.mean(dim=1)
    if kind != "full":
        shades = SHADES.expand(24, 6)
        if kind == "varied":
            shades = shades + 0.15 * torch.randn(24, 6, generator=generator)
        grey = shades.gather(1, scenes.objects.flatten(1).long()).view_as(grey)
    if kind == "varied":
        grey = grey + 0.1 * torch.randn(grey.shape, generator=generator)
    patches = grey.unfold(1, 8, 1).unfold(2, 8, 1).flatten(0, 2)
    truth = ((scenes.labels > 0).long() + (scenes.labels == 4))[:, 4:-3, 4:-3].flatten()
    rarity = 1 / torch.bincount(truth)[truth]
    chosen = torch.multinomial(rarity, 1000, generator=generator)
    return patches[chosen], truth[chosen]


drawn = [draw(24, seed=seed) for seed in SEEDS]
tests = [lesson("full", draw(24, seed=100 + seed), seed) for seed in SEEDS]
right = {}
print("trained on scenes that are   patches of full scenes read right (10 seeds; chance 0.333)")
for kind in ("flat", "varied", "full"):
    lessons = [lesson(kind, scenes, seed) for seed, scenes in enumerate(drawn)]
    right[kind] = exam(lessons, tests, steps=100)
    print(f"{kind:28} {mean_over_seeds(right[kind]):.3f}")
assert right["flat"].mean() < right["full"].mean() - 0.01
assert abs(right["varied"].mean() - right["flat"].mean()) < 0.05  # variety by itself: no help
