import matplotlib.pyplot as plt
import torch

from dlbasic.data.photographs import digits_on_textures
from dlbasic.history.alexnet import AlexNet, predict, top_error, train

SMALL = {"size": 24, "channels": 1, "first": (7, 2), "kernels": (8, 16, 32, 32, 32)}
images, digits = digits_on_textures(contrast=0.0)  # plain digits: they are learned sooner
WAYS = {"neither": (0.0, False), "dropout": (0.5, False), "crops": (0.0, True)}
errors, models = {}, {}
for way, (rate, crops) in WAYS.items():
    errors[way] = []
    for seed in range(4):
        order = torch.randperm(5000, generator=torch.Generator().manual_seed(seed))
        learn, test = order[:100], order[4000:]
        model = AlexNet(**SMALL, hidden=64, num_classes=10, rate=rate, gain=2**0.5, seed=seed)
        list(train(model, images[learn], digits[learn], steps=200, crops=crops, seed=seed))
        seen = top_error(predict(model, images[learn]), digits[learn])
        errors[way].append((seen, top_error(predict(model, images[test]), digits[test])))
    models[way] = model

print("100 examples, 4 seeds   training error   error on new images   change in pairs, least, most")
change = {}
for way, pairs in errors.items():
    seen, new = torch.tensor(pairs).T
    change[way] = new - torch.tensor(errors["neither"])[:, 1]
    low, high = change[way].aminmax()
    print(f"{way:24} {seen.mean():13.3f} {new.mean():18.3f} {low:+24.3f} {high:+8.3f}")

start = AlexNet(**SMALL, hidden=64, num_classes=10, gain=2**0.5, seed=3)
figure, panels = plt.subplots(2, 8, figsize=(8, 2.2), layout="constrained")
for row, network in zip(panels, (start, models["crops"]), strict=True):
    for panel, kernel in zip(row, network.layers[0].weight.detach()[:, 0], strict=True):
        panel.imshow(kernel.numpy(), cmap="grey")
        panel.axis("off")
plt.show()
assert change["dropout"].min() > 0.03  # too few steps for it
assert change["crops"].mean() < -0.03
