"""That is the number of ink pixels, not their share: with a larger block all images get darker.
Divide by the number of pixels of a block.
"""


def count(bitmaps, *, block):
    return bitmaps.unflatten(2, (-1, block)).unflatten(1, (-1, block)).sum(dim=(2, 4))
