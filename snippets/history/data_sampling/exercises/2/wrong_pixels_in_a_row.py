"""The pixels were taken as they lie in memory, block² in a row, so that a block is a stripe and not
a square. Split rows and columns each into blocks first.
"""


def count(bitmaps, *, block):
    number, height, width = bitmaps.shape
    stripes = bitmaps.reshape(number, -1, block * block).mean(dim=2)
    return stripes.view(number, height // block, width // block)
