from jaxtyping import Float
from torch import Tensor


def bits_per_byte(nats: Float[Tensor, " token"], texts: list[str]) -> float:
    """Return how many bits a model needs for a byte (UTF-8) of a text.

    `nats` is the surprise at each token, `texts` the piece of the text that each token stands for.
    """
    raise NotImplementedError
