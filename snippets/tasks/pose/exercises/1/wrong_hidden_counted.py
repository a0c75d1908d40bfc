"""The hidden joints were counted too. The question is which part of the visible ones was found:
leave the others out of the hits and out of the number that you divide by.
"""


def torso_pck(predictions, joints, visible, fraction=0.2):
    torsos = (joints[:, 1] - joints[:, 2]).norm(dim=1, keepdim=True)
    hits = (predictions - joints).norm(dim=2) <= fraction * torsos
    return hits.to(joints.dtype).mean()
