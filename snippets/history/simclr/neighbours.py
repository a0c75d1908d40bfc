import matplotlib.pyplot as plt
import torch
from torch.nn.functional import normalize, pad

from dlbasic.history.simclr import SimCLR, encode, pictures, train, whole

(images, digits), (test_images, test_digits) = pictures(seed=0)
torch.manual_seed(0)
model = SimCLR()
list(train(model, images))
spaces = {"pixels": torch.nn.Flatten(), "SimCLR": model.encoder}

queries = torch.stack([(test_digits == digit).nonzero()[0, 0] for digit in range(8)])
_, panels = plt.subplots(1, 2, figsize=(6.4, 4.2), layout="constrained")
same = {}
for panel, (name, encoder) in zip(panels, spaces.items(), strict=True):
    known, unknown = encode(encoder, images), encode(encoder, test_images)
    mean, deviation = known.mean(0), known.std(0).clamp(min=1e-6)
    known, unknown = (normalize((each - mean) / deviation) for each in (known, unknown))
    nearest = (unknown @ known.T).topk(5).indices  # by the cosine of the standardised features
    same[name] = (digits[nearest] == test_digits[:, None]).float().mean()
    print(f"{name:8} share of the five nearest that show the same digit: {same[name]:.2f}")
    rows = [test_images[queries], *images[nearest[queries]].unbind(1)]
    tiles = torch.stack([pad(whole(row), (1, 1, 1, 1), value=1.0) for row in rows], dim=1)
    panel.imshow(tiles.permute(0, 3, 1, 4, 2).reshape(8 * 16, 6 * 16, 3))
    panel.set(title=name, yticks=[], xticks=[8, 56], xticklabels=["asked", "the five nearest"])
    panel.spines[:].set_visible(False)
plt.show()
assert same["SimCLR"] > same["pixels"] + 0.1
