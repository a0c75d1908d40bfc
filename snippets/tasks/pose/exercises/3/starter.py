from jaxtyping import Float
from torch import Tensor


def best_bet(probabilities: Float[Tensor, "row column"], reach: float) -> Float[Tensor, " axis"]:
    """The centre of the cell round which a joint most likely lies at most `reach` away.

    The joint lies at the centre of one of the cells, with the given probability for each.
    Cells are 1 pixel wide; the centre of the first is x, y = 0.5, 0.5.
    """
    raise NotImplementedError
