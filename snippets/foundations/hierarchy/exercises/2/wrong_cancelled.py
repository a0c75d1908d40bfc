"""Your differences cancel: ink that is missing here makes up for ink that is too much there.

Square them, or take their size, before you add them up over the pixels.
"""


def read_by_neighbours(images, digits, new, k):
    differences = new.flatten(1)[:, None] - images.flatten(1)[None]
    distances = differences.sum(dim=2).abs()
    voters = digits[distances.argsort(dim=1, stable=True)[:, :k]]
    votes = (voters[:, :, None] == voters[:, None, :]).sum(dim=2)
    return voters.gather(1, votes.argmax(dim=1, keepdim=True))[:, 0]
