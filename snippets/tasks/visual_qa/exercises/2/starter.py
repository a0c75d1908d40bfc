from jaxtyping import Bool, Float
from torch import Tensor


def look(
    queries: Float[Tensor, "question dim"],
    keys: Float[Tensor, "cell dim"],
    values: Float[Tensor, "cell channel"],
    covered: Bool[Tensor, " cell"],
) -> Float[Tensor, "question channel"]:
    """What each question finds: the average of the values of the cells that are not covered.

    A cell weighs exp(query · key / sqrt(dim)), and the weights of each question sum to 1.
    """
    raise NotImplementedError
