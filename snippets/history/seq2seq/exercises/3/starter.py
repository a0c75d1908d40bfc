from jaxtyping import Float, Int
from torch import Tensor


def perplexity(
    log_probabilities: Float[Tensor, "sentence time"], words: Int[Tensor, "sentence time"]
) -> Float[Tensor, ""]:
    """Return exp of the average surprise at a word, in which every real word counts the same.

    Args:
        log_probabilities: What the model gave each right word, in nats.
        words: Their numbers; 0 is padding, which is no word.
    """
    raise NotImplementedError
