import numpy as np
import torch

from dlbasic.data.scenes import draw


def check(mirror):
    scenes = draw(3, seed=9)
    images, joints = mirror(scenes.images.clone(), scenes.joints.clone())
    yield "the pictures", images, np.ascontiguousarray(scenes.images.numpy()[:, :, :, ::-1])
    yield "the heights of the joints", joints[:, :, 1], scenes.joints[:, :, 1]
    expected = np.stack([48 - scenes.joints[:, :, 0].numpy(), scenes.joints[:, :, 1]], axis=2)
    yield "the places of the joints", joints, expected
    first = torch.full((1, 11, 2), 0.5)
    small = mirror(torch.zeros(1, 3, 48, 20), first)[1]
    yield "joints in the first of 20 pixels", small[0, 0], torch.tensor([19.5, 0.5])
    back = mirror(*mirror(scenes.images, scenes.joints))
    yield "twice: the joints", back[1], scenes.joints
