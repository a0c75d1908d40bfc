from collections.abc import Sequence


def stopping_point(losses: Sequence[float], *, patience: int) -> tuple[int, int]:
    """Return the index of the loss at which the training stops, and that of the loss to go back to.

    It stops at the loss that makes more than `patience` in a row without an improvement, or at the
    last. Only a loss below all earlier ones is an improvement.
    """
    raise NotImplementedError
