from jaxtyping import Float
from torch import Tensor


def labels_worth(
    labels: Float[Tensor, " size"], accuracy: Float[Tensor, " size"], reached: float
) -> float:
    """Number of real labels at which the curve of the accuracy crosses the one that was reached.

    Between two sizes of the training set, which rise, the curve is a straight line over the
    logarithm of the size. It rises, too, and `reached` is on it.
    """
    raise NotImplementedError
