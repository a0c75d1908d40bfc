from jaxtyping import Int
from torch import Tensor


def worst_confusion(counts: Int[Tensor, "truth answer"]) -> tuple[int, int]:
    """The truth and the wrong answer that most often come together.

    `counts` is a confusion matrix. Only mistakes count, and standing taken for waving is another
    mistake than waving taken for standing.
    """
    raise NotImplementedError
