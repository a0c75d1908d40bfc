"""The numbers of the classes were averaged. They are names: halfway between 1, a circle, and 3, a
triangle, there is no square. Count how often each class occurs in a block.
"""

from torch.nn import functional


def shrink(labels, factor):
    return functional.avg_pool2d(labels[None].float(), factor)[0].round().long()
