import torch

from dlbasic.data.scenes import draw
from dlbasic.tasks.segmentation import CLASSES, class_shares, pixel_cross_entropy, soft_dice

labels = draw(16, seed=1).labels
pulls = {}
for name, loss in {"cross-entropy": pixel_cross_entropy, "Dice": soft_dice}.items():
    logits = torch.zeros(16, len(CLASSES), 48, 48, requires_grad=True)  # each class equally likely
    (gradient,) = torch.autograd.grad(loss(logits, labels), logits)
    pull = gradient.abs().sum(dim=1)
    pulls[name] = torch.stack([pull[labels == k].sum() for k in range(len(CLASSES))]) / pull.sum()

shares = class_shares(labels)
print("           pixels  pull of cross-entropy  pull of Dice")
for k, name in enumerate(CLASSES):
    print(f"{name:10} {shares[k]:6.0%} {pulls['cross-entropy'][k]:22.0%} {pulls['Dice'][k]:13.0%}")
torch.testing.assert_close(pulls["cross-entropy"], shares, rtol=1e-3, atol=0)
assert (pulls["Dice"][1:] > 1.5 * shares[1:]).all()
