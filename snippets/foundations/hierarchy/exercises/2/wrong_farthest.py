"""You asked the farthest images. A large distance is a small resemblance: look at your order."""

import torch


def read_by_neighbours(images, digits, new, k):
    distances = torch.cdist(new.flatten(1), images.flatten(1))
    voters = digits[distances.argsort(dim=1, descending=True)[:, :k]]
    votes = (voters[:, :, None] == voters[:, None, :]).sum(dim=2)
    return voters.gather(1, votes.argmax(dim=1, keepdim=True))[:, 0]
