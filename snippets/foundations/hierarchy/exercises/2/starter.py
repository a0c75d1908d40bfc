from jaxtyping import Float, Int
from torch import Tensor


def read_by_neighbours(
    images: Float[Tensor, "example height width"],
    digits: Int[Tensor, " example"],
    new: Float[Tensor, "new height width"],
    k: int,
) -> Int[Tensor, " new"]:
    """The digit that most of the `k` nearest of `images` show, for each of `new`.

    Near means a small Euclidean distance.
    Of digits with as many votes, take the one that is shown by the nearest image.
    """
    raise NotImplementedError
