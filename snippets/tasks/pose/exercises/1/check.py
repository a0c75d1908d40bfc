import math

import torch

from dlbasic.data.scenes import draw


def literal(predictions, joints, visible, fraction):
    hits = []
    for guess, truth, seen in zip(
        predictions.tolist(), joints.tolist(), visible.tolist(), strict=True
    ):
        reach = fraction * math.dist(truth[1], truth[2])
        for k in range(len(truth)):
            if seen[k]:
                hits.append(math.dist(guess[k], truth[k]) <= reach)
    return sum(hits) / len(hits)


def check(torso_pck):
    scenes = draw(40, seed=8)
    joints = scenes.joints.double()
    noise = torch.randn(
        joints.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64
    )
    yield "no error at all", torso_pck(joints, joints, scenes.visible), 1.0
    far = torch.where(scenes.visible[:, :, None], joints, joints + 30)
    yield "only hidden joints are wrong", torso_pck(far, joints, scenes.visible), 1.0
    sizes = torch.linspace(0.3, 1, 40, dtype=torch.float64)[:, None, None]
    for fraction in (0.1, 0.2, 0.4):
        case = (joints * sizes + noise, joints * sizes, scenes.visible, fraction)
        yield f"40 people of many sizes, fraction {fraction}", torso_pck(*case), literal(*case)
    few = torch.zeros_like(scenes.visible)
    few[0], few[1, 4] = True, True
    predictions = joints.clone()
    predictions[1, 4] += 30
    case = (predictions, joints, few, 0.2)
    name = "two people, eleven joints of one seen and found, one of the other not found"
    yield name, torso_pck(*case), literal(*case)
