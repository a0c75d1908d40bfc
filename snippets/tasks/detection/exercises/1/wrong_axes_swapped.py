"""The axes are swapped: an image tensor is (height, width), but a box begins with x.
Left and right go with the width, top and bottom with the height.
"""

import torch


def to_photo(boxes, *, width, height):
    edges = torch.tensor([height, width, height, width])
    return (boxes / 48 * edges).clamp(min=torch.zeros(4), max=edges)
