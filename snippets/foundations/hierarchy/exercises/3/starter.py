from collections.abc import Sequence

from dlbasic.data.digits import Split


def tune_neighbours(sets: Split, candidates: Sequence[int]) -> tuple[int, float]:
    """The number of neighbours that reads best, and what it can be expected to read right.

    Each set of `sets` is a pair: inputs (example, dim) and their classes.
    Learn with `sklearn.neighbors.KNeighborsClassifier`. Of equals, take the first candidate.
    """
    raise NotImplementedError
