from jaxtyping import Float, Int
from torch import Tensor


def dice(counts: Int[Tensor, "truth prediction"]) -> Float[Tensor, " class"]:
    """Dice score of each class: twice its intersection, divided by the sum of its two sizes.

    NaN for a class that is neither in the truth nor in the prediction.

    Args:
        counts: Number of pixels by true class (row) and predicted class (column).
    """
    raise NotImplementedError
