"""Left and right joints changed names. In a photograph that would be right. Here the tint says
which limb is the left one, and a mirrored limb keeps its tint.
"""

import torch

from dlbasic.data.scenes import JOINTS

OTHER = {"left": "right", "right": "left"}
ORDER = [
    JOINTS.index(" ".join([OTHER.get(name.split()[0], name.split()[0]), *name.split()[1:]]))
    for name in JOINTS
]


def mirror(images, joints):
    x, y = joints.unbind(dim=2)
    return images.flip(3), torch.stack([images.shape[3] - x, y], dim=2)[:, ORDER]
