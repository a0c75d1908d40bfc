"""You counted pieces of ink. A hole is a piece of paper, so label what is not ink."""

from scipy import ndimage


def count_holes(image):
    return ndimage.label(image.numpy() > 0.5)[1]
