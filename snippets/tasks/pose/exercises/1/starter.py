from jaxtyping import Bool, Float
from torch import Tensor

Places = Float[Tensor, "scene joint axis"]


def torso_pck(
    predictions: Places, joints: Places, visible: Bool[Tensor, "scene joint"], fraction: float = 0.2
) -> Float[Tensor, ""]:
    """Part of all visible joints that are at most `fraction` of their person's torso off.

    The torso reaches from joint 1, the neck, to joint 2, the hip. Every visible joint counts alike.
    """
    raise NotImplementedError
