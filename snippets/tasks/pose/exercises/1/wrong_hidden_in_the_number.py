"""Hidden joints are no hits here, and still count in the number that you divide by.
A joint that is left out must be left out of both.
"""


def torso_pck(predictions, joints, visible, fraction=0.2):
    torsos = (joints[:, 1] - joints[:, 2]).norm(dim=1, keepdim=True)
    hits = (predictions - joints).norm(dim=2) <= fraction * torsos
    return (hits & visible).to(joints.dtype).mean()
