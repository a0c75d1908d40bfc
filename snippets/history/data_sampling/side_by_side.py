import matplotlib.pyplot as plt
import torch

from dlbasic.data.handwriting import FONTS, typeset
from dlbasic.history.data_sampling import PIECES, deal, sample

digits = torch.arange(10)
looked_at, truths = deal(seed=0).validation  # no test digit is shown
seen = [(truths == digit).nonzero()[:4, 0] for digit in digits]
rows = {
    "real": [looked_at[torch.stack(seen)[:, k]] for k in range(4)],
    "made": [sample(digits, seed=seed) for seed in range(4)],
    "font": [typeset(digits, FONTS[:1])],
    "bare": [sample(digits, without=PIECES, seed=0)],
}
figure, panels = plt.subplots(10, 10, figsize=(6.5, 6.8), layout="constrained")
names = [name for name, images in rows.items() for _ in images]
for line, (name, images) in enumerate(zip(names, sum(rows.values(), []), strict=True)):
    for panel, image in zip(panels[line], images, strict=True):
        panel.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        panel.set(xticks=[], yticks=[])
    panels[line, 0].set_ylabel(name, rotation=0, ha="right", va="center")
plt.show()

print("        ink, all digits   ink, from digit to digit")
real, made = looked_at, sample(truths, seed=0)
for name, images in {"real": real, "made": made, "font": typeset(truths, FONTS[:1])}.items():
    ink = torch.stack([images[truths == digit].mean() for digit in digits])
    print(f"{name:5} {images.mean():17.2f} {ink.min():17.2f} to {ink.max():.2f}")
assert abs(real.mean() - made.mean()) < 0.03
assert real.mean() > 2 * typeset(truths, FONTS[:1]).mean()
