import matplotlib.pyplot as plt
import torch

from dlbasic.data.handwriting import FONTS, typeset
from dlbasic.history.data_sampling import PIECES, deal, sample

digits = torch.arange(10)
looked_at, truths = deal(seed=0).validation  # no test digit is shown
seen = [(truths == digit).nonzero()[:4, 0] for digit in digits]
rows = [("real", looked_at[torch.stack(seen)[:, k]]) for k in range(4)]
rows += [("made", sample(digits, seed=seed)) for seed in range(4)]
rows += [("font", typeset(digits, FONTS[:1])), ("bare", sample(digits, without=PIECES, seed=0))]
figure, panels = plt.subplots(10, 1, figsize=(6.5, 6.8), layout="constrained")
for panel, (name, images) in zip(panels, rows, strict=True):
    strip = torch.nn.functional.pad(images, (1, 1)).movedim(0, 1).flatten(1)  # side by side
    panel.imshow(strip, cmap="gray_r", vmin=0, vmax=1)
    panel.set_ylabel(name, rotation=0, ha="right", va="center")
    panel.set(xticks=[], yticks=[])
    panel.spines[:].set_visible(False)
plt.show()

print("        ink, all digits   ink, from digit to digit")
real, made = looked_at, sample(truths, seed=0)
for name, images in {"real": real, "made": made, "font": typeset(truths, FONTS[:1])}.items():
    ink = torch.stack([images[truths == digit].mean() for digit in digits])
    print(f"{name:5} {images.mean():17.2f} {ink.min():17.2f} to {ink.max():.2f}")
assert abs(real.mean() - made.mean()) < 0.03
assert real.mean() > 2 * typeset(truths, FONTS[:1]).mean()
