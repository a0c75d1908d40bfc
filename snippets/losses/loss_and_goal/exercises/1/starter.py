from jaxtyping import Float
from torch import Tensor


def report(
    validation: Float[Tensor, " model"],
    test: Float[Tensor, " model"],
) -> tuple[int, float]:
    """Which model to hand over, and the accuracy on new examples to promise for it.

    Args:
        validation: Accuracy of each model on the validation set.
        test: Accuracy of each model on the test set.
    """
    raise NotImplementedError
