"""The pictures are mirrored and the joints are where they were. A change of the picture that moves
what it shows must move the truth with it.
"""


def mirror(images, joints):
    return images.flip(3), joints
