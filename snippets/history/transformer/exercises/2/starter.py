from jaxtyping import Bool, Int
from torch import Tensor


def may_look(words: Int[Tensor, "batch time"]) -> Bool[Tensor, "batch query key"]:
    """Return whether each word, the query, may look at each other, the key.

    A word may look at itself and at what stands before it, never at padding, whose number is 0.
    Padding stands behind the words, and may look at all of them.
    """
    raise NotImplementedError
