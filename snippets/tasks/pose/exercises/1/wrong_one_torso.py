"""One torso, the average, was taken for all people. The reach of a small person is then too long
and that of a tall one too short. Measure each with their own torso.
"""


def torso_pck(predictions, joints, visible, fraction=0.2):
    torso = (joints[:, 1] - joints[:, 2]).norm(dim=1).mean()
    hits = (predictions - joints).norm(dim=2) <= fraction * torso
    return hits[visible].to(joints.dtype).mean()
