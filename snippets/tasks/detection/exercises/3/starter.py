from jaxtyping import Float
from torch import Tensor


def soft_nms(
    boxes: Float[Tensor, "box side"], scores: Float[Tensor, " box"], *, threshold: float = 0.5
) -> Float[Tensor, " box"]:
    """Scores after each box has taken from those that it overlaps, in the order of the input.

    Again and again the box with the best score of those not yet chosen is chosen. Each one that
    is left and whose IoU with it exceeds `threshold` has its score multiplied by 1 - IoU.
    """
    raise NotImplementedError
