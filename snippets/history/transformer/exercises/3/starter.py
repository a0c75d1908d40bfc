from jaxtyping import Float
from torch import Tensor

Past = Float[Tensor, "batch past d_k"]
Word = Float[Tensor, "batch d_k"]


def look_back(
    q: Word, k: Word, v: Word, keys: Past, values: Past
) -> tuple[Word, Float[Tensor, "batch now d_k"], Float[Tensor, "batch now d_k"]]:
    """Return what the newest word sees, and the keys and values to remember for the next.

    Args:
        q: The query of the newest word.
        k: Its key.
        v: Its value.
        keys: Those of all words before it; of none, for the first.
        values: Theirs.
    """
    raise NotImplementedError
