import matplotlib.pyplot as plt
import torch

from dlbasic.data.photographs import PHOTOGRAPHS, colour_components, photograph, shift_colours
from dlbasic.history.alexnet import AlexNet, predict, random_views

photographs = torch.cat([photograph(name) for name in PHOTOGRAPHS])
generator = torch.Generator().manual_seed(0)
four = photographs[2:3].expand(4, -1, -1, -1)
views = random_views(four, size=224, mirror=True, generator=generator)
components = colour_components(photographs)  # of pixels in [0, 1]
shifted = shift_colours(views, components, generator=generator)
figure, panels = plt.subplots(1, 4, figsize=(8, 2.2), layout="constrained")
for panel, view in zip(panels, shifted.clamp(0, 1), strict=True):
    panel.imshow(view.movedim(0, 2)[::2, ::2].numpy())
    panel.axis("off")
plt.show()
shifts = (shifted - views)[:, :, 0, 0]
print("colour added to each view:", *(f"({r:+.3f} {g:+.3f} {b:+.3f})" for r, g, b in shifts))

model = AlexNet()  # 61 million weights, drawn as the paper draws them, and not trained
photo = photographs - photographs.mean(0)
logits = predict(model, photo)
print(
    "\npixels in [0, 1]: deviation between the photographs' logits", f"{logits.std(0).mean():.1e}"
)
with torch.no_grad():
    first = model.layers[0](255 * photo[:, :, 16:240, 16:240])  # pixels in [0, 255], as stored
saturated = (first.abs() > 2).float().mean()
print(f"pixels in [0, 255]: inputs of the first activation beyond ±2: {saturated:.0%}")
assert logits.shape == (4, 1000)
assert torch.isfinite(logits).all()
assert logits.std(0).min() > 0  # each photograph has its own answer
assert saturated > 0.5  # tanh would be flat there
assert shifts.abs().max() < 0.1  # a slight change of light
