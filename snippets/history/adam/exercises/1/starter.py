from jaxtyping import Float
from torch import Tensor


def smooth(values: Float[Tensor, " step"], *, beta: float) -> Float[Tensor, " step"]:
    """Running average of a curve after each of its values, corrected as Adam corrects m.

    Each step keeps the part `beta` of the average so far.
    """
    raise NotImplementedError
