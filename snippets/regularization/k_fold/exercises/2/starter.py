from jaxtyping import Int
from torch import Tensor


def leave_groups_out(groups: Int[Tensor, " example"]) -> list[tuple[list[int], list[int]]]:
    """Return, for each group in ascending order, the indices to train on and those to hold out.

    All examples of a group are held out together, and each list is sorted.
    """
    raise NotImplementedError
