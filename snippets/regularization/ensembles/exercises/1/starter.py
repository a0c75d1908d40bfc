from jaxtyping import Float, Int
from torch import Tensor


def vote(probabilities: Float[Tensor, "member example class"]) -> Int[Tensor, " example"]:
    """The class that most members answer with; of equally many, the one with the larger mean."""
    raise NotImplementedError
