from jaxtyping import Float
from torch import Tensor


def perplexity(probabilities: Float[Tensor, " token"]) -> Float[Tensor, ""]:
    """Number of equally likely tokens that would surprise as much as the text did, on average.

    Args:
        probabilities: What the model gave to each token of the text; all above 0.
    """
    raise NotImplementedError
