from jaxtyping import Float, Int
from torch import Tensor


def accuracy_of_the_surest(
    probabilities: Float[Tensor, "scene class"],
    activities: Int[Tensor, " scene"],
    *,
    answered: float,
) -> float:
    """Accuracy on the part `answered` of the scenes of which the model is surest.

    How many these are is rounded. On the others the model says that it does not know.
    """
    raise NotImplementedError
