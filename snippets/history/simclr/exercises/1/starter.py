from jaxtyping import Float
from torch import Tensor


def nt_xent(z: Float[Tensor, "view dim"], *, temperature: float) -> Float[Tensor, ""]:
    """Return the loss of equation 1, averaged over all views.

    The two views of a picture stand next to each other: rows 0 and 1, rows 2 and 3, and so on.
    """
    raise NotImplementedError
