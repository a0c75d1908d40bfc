import torch

from dlbasic.data.scenes import SIZE
from dlbasic.tasks.pose import CELL, CENTRES, heat_maps, locate

joint = torch.tensor([21.0, 15.0])  # x, y in pixels
target = heat_maps(joint)
print("cells with a share, by their centres")
for row, column in target.nonzero():
    print(f"  x {CENTRES[column]:2.0f}  y {CENTRES[row]:2.0f}  {target[row, column]:.4f}")

joints = 2 + (SIZE - 4) * torch.rand(10_000, 2, generator=torch.Generator().manual_seed(0))
logits = heat_maps(joints).clamp(min=1e-9).log()  # a network that has learned its target
largest = logits.flatten(1).argmax(dim=1)
centre_of_largest = CENTRES[torch.stack([largest % 12, largest // 12], dim=1)]
for name, places in {"largest cell": centre_of_largest, "locate": locate(logits)}.items():
    distances = (places - joints).norm(dim=1)
    print(f"{name:12}  mean error {distances.mean():.2f}, at most {distances.max():.2f} pixels")

assert target.sum() == 1
torch.testing.assert_close(locate(logits), joints, atol=1e-3, rtol=0)
assert (centre_of_largest - joints).norm(dim=1).max() > 0.7 * CELL
