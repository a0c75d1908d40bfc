"""The joints are one pixel off. A place is measured from the edge of the picture, not counted in
whole pixels: what was half a pixel from the left edge is now half a pixel from the right one.
"""

import torch


def mirror(images, joints):
    x, y = joints.unbind(dim=2)
    return images.flip(3), torch.stack([images.shape[3] - 1 - x, y], dim=2)
