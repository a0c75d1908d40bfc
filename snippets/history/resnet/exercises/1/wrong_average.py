"""The pixels are averaged where one of them should be taken. The identity shortcut leaves values
as they are: take every stride-th row and column.
"""

from torch.nn import functional


def zero_pad(x, *, channels, stride):
    seen = functional.avg_pool2d(x, stride, ceil_mode=True)
    return functional.pad(seen, (0, 0, 0, 0, 0, channels - x.shape[1]))
