"""The mirror images stand on their heads: the rows were turned round, and not the columns.
Which axis runs from left to right?
"""

import torch


def ten_views(images, *, size):
    down, right = images.shape[2] - size, images.shape[3] - size
    corners = [(0, 0), (0, right), (down, 0), (down, right), (down // 2, right // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in corners])
    return torch.cat([five, five.flip(-2)])
