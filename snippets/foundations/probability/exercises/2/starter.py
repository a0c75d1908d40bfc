from jaxtyping import Bool
from torch import Tensor


def gain(first: Bool[Tensor, " example"], second: Bool[Tensor, " example"]) -> tuple[float, float]:
    """Return by how much the second classifier is more accurate, and the standard error of that.

    Both answered the same examples; True where the answer was right. The sample variance divides
    by the number of examples minus 1.
    """
    raise NotImplementedError
