"""Rows and columns were exchanged: the second view is the bottom left corner, not the top right.
Which of the two slices comes first in an image of (…, height, width)?
"""

import torch


def ten_views(images, *, size):
    down, right = images.shape[2] - size, images.shape[3] - size
    corners = [(0, 0), (down, 0), (0, right), (down, right), (down // 2, right // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in corners])
    return torch.cat([five, five.flip(-1)])
