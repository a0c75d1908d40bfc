import torch

from dlbasic.data.scenes import draw
from dlbasic.tasks.pose import pckh

joints = draw(2048, seed=1).joints
heads = (joints[:, 0] - joints[:, 1]).norm(dim=1)
print(f"half a head is {heads.min() / 2:.1f} to {heads.max() / 2:.1f} pixels")

print("                   PCKh")
mean_pose = draw(2048, seed=1000).joints.mean(dim=0).expand_as(joints)
print(f"mean pose          {pckh(mean_pose, joints):.2f}")
noise = torch.randn(joints.shape, generator=torch.Generator().manual_seed(0))
for pixels in (0.5, 1.0, 1.5, 2.0):
    print(f"truth + {pixels} px noise {pckh(joints + pixels * noise, joints):.2f}")

assert pckh(mean_pose, joints) < 0.05
assert pckh(2 * joints, 2 * joints + 2 * noise) == pckh(joints, joints + noise)
none = torch.zeros(joints.shape[:2], dtype=torch.bool)
assert pckh(joints, joints, none).isnan()
