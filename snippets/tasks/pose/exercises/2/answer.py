import torch
from jaxtyping import Float
from torch import Tensor

from dlbasic.data.scenes import JOINTS, draw

Images = Float[Tensor, "scene channel height width"]
Places = Float[Tensor, "scene joint axis"]


def mirror(images: Images, joints: Places) -> tuple[Images, Places]:
    """Pictures with left and right exchanged, and the places of the same joints in them."""
    width = images.shape[3]
    x, y = joints.unbind(dim=2)
    return images.flip(3), torch.stack([width - x, y], dim=2)


def redness(images, joints, visible, name):
    joint = JOINTS.index(name)
    column, row = joints[:, joint].long().unbind(dim=1)
    colours = images[torch.arange(len(images)), :, row, column][visible[:, joint]]
    return (colours[:, 0] - colours[:, 2]).mean()


scenes = draw(500, seed=2)
mirrored = mirror(scenes.images, scenes.joints)
print("red minus blue   drawn  mirrored")
for name in ("left foot", "right foot"):
    drawn = redness(scenes.images, scenes.joints, scenes.visible, name)
    turned = redness(*mirrored, scenes.visible, name)
    print(f"{name:15} {drawn:6.2f} {turned:9.2f}")
    assert abs(drawn - turned) < 0.02
