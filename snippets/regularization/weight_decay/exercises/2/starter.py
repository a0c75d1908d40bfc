from jaxtyping import Float
from torch import Tensor


def effective_dimensions(
    inputs: Float[Tensor, "example dim"], *, strength: float
) -> Float[Tensor, ""]:
    """How many weights of a linear model an L2 penalty leaves free: the sum of a / (a + strength).

    The a are the curvatures of half the mean squared error along its eigenvectors: the eigenvalues
    of the inputs' transpose times the inputs, divided by the number of examples.
    """
    raise NotImplementedError
