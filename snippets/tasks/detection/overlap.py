import matplotlib.pyplot as plt
import torch

from dlbasic.tasks.detection import iou

shifts = torch.linspace(0, 12, 121, dtype=torch.float64)
figure, axes = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
print("side of the box   shift allowed for IoU 0.5   for IoU 0.75")
for side in (6.0, 13.0, 31.0):
    box = torch.tensor([[0.0, 0.0, side, side]], dtype=torch.float64)
    moved = box + shifts[:, None] * torch.tensor([1, 0, 1, 0])  # to the right
    overlaps = iou(moved, box)
    axes.plot(shifts, overlaps, label=f"{side:.0f} pixels")
    allowed = [shifts[overlaps >= least].max().item() for least in (0.5, 0.75)]
    print(f"{side:8.0f} pixels {allowed[0]:16.1f} pixels {allowed[1]:14.1f} pixels")
    by_hand = (side - shifts).clamp(min=0) / (side + shifts.clamp(max=side))
    torch.testing.assert_close(overlaps, by_hand)
for least in (0.5, 0.75):
    axes.axhline(least, color="grey", linewidth=0.8, linestyle="--")
axes.set(xlabel="shift to the right (pixels)", ylabel="IoU")
axes.legend(title="side")
plt.show()
