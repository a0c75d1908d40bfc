"""The missing channels repeat those of x, and should be zero: the block itself has to make what is
new in them.
"""

import torch


def zero_pad(x, *, channels, stride):
    seen = x[:, :, ::stride, ::stride]
    return torch.cat([seen] * channels, dim=1)[:, :channels]
