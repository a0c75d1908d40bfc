"""The pictures were turned upside down: the third axis is the height, counted from zero it is
number 2. Left and right are exchanged along the last axis.
"""

import torch


def mirror(images, joints):
    x, y = joints.unbind(dim=2)
    return images.flip(2), torch.stack([x, images.shape[2] - y], dim=2)
