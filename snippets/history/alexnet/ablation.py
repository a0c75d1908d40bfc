import matplotlib.pyplot as plt
import torch

from dlbasic.data.photographs import digits_on_textures
from dlbasic.history.alexnet import AlexNet, predict, top_error, train

SMALL = {"size": 24, "channels": 1, "first": (7, 2), "kernels": (8, 16, 32, 32, 32)}
images, digits = digits_on_textures(contrast=0.0)  # plain digits: they are learned sooner
WAYS = {"neither": (0.0, False), "dropout": (0.5, False), "crops": (0.0, True)}
errors = {way: [] for way in WAYS}
for seed in range(10):
    order = torch.randperm(5000, generator=torch.Generator().manual_seed(seed))
    learn, test = order[:100], order[4000:]
    for way, (rate, crops) in WAYS.items():
        model = AlexNet(**SMALL, hidden=64, num_classes=10, rate=rate, gain=2**0.5, seed=seed)
        list(train(model, images[learn], digits[learn], steps=100, crops=crops, seed=seed))
        seen = top_error(predict(model, images[learn]), digits[learn])
        errors[way].append((seen, top_error(predict(model, images[test]), digits[test])))

print("100 examples     training error   error on new images   change in pairs")
change = {}
for way, pairs in errors.items():
    values = torch.tensor(pairs)
    change[way] = values[:, 1] - torch.tensor(errors["neither"])[:, 1]
    half = 2.26 * torch.stack([*values.T, change[way]]).std(1) / 10**0.5
    seen, new = values.mean(0)
    print(f"{way:10} {seen:13.3f} ± {half[0]:.3f} {new:12.3f} ± {half[1]:.3f}", end="")
    print(f" {change[way].mean():+12.3f} ± {half[2]:.3f}")

filters = model.layers[0].weight.detach()[:, 0]
figure, panels = plt.subplots(1, 8, figsize=(8, 1.3), layout="constrained")
for panel, kernel in zip(panels, filters, strict=True):
    panel.imshow(kernel.numpy(), cmap="grey")
    panel.axis("off")
plt.show()
assert change["dropout"].mean() > 0.1  # too few steps for it
assert abs(change["crops"].mean()) < 0.15  # no large effect, in either direction
