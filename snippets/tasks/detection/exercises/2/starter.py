from jaxtyping import Float
from torch import Tensor


def generalised_iou(
    boxes: Float[Tensor, "box side"], others: Float[Tensor, "box side"]
) -> Float[Tensor, " box"]:
    """IoU of each box with the other in its row, minus the empty part of their common hull.

    The hull is the smallest box that holds both. Its empty part is the share of its area that
    lies in neither.
    """
    raise NotImplementedError
