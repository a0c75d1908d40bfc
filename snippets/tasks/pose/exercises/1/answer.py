import torch
from jaxtyping import Bool, Float
from torch import Tensor

from dlbasic.data.scenes import draw
from dlbasic.tasks.pose import pckh

Places = Float[Tensor, "scene joint axis"]


def torso_pck(
    predictions: Places, joints: Places, visible: Bool[Tensor, "scene joint"], fraction: float = 0.2
) -> Float[Tensor, ""]:
    """Part of all visible joints that are at most `fraction` of their person's torso off."""
    torsos = (joints[:, 1] - joints[:, 2]).norm(dim=1, keepdim=True)
    hits = (predictions - joints).norm(dim=2) <= fraction * torsos
    return hits[visible].to(joints.dtype).mean()


scenes = draw(500, seed=2)
noise = torch.randn(scenes.joints.shape, generator=torch.Generator().manual_seed(0))
print("noise in pixels   PCK, 0.2 torso   PCKh, 0.5 head")
for pixels in (0.5, 1.0, 2.0):
    predictions = scenes.joints + pixels * noise
    by_torso = torso_pck(predictions, scenes.joints, scenes.visible)
    by_head = pckh(predictions, scenes.joints, scenes.visible)
    print(f"{pixels:15} {by_torso:16.2f} {by_head:16.2f}")
    assert abs(by_torso - by_head) < 0.15  # 0.2 * 0.30 and 0.5 * 0.13 body heights: nearly the same
