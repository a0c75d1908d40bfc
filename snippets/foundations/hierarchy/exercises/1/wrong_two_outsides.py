"""Ink that reaches the edge can cut the outside in two, and you took off one piece only.

Make the outside one piece before you count, or leave out every piece that touches the edge.
"""

from scipy import ndimage


def count_holes(image):
    return ndimage.label(image.numpy() <= 0.5)[1] - 1
