"""One pixel of each block was kept and the others were thrown away. A thin stroke between two of
the kept pixels disappears, and no edge is grey. Take the mean of the block.
"""


def count(bitmaps, *, block):
    return bitmaps[:, ::block, ::block]
