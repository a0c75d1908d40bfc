def error_reduction(baseline: float, accuracy: float) -> float:
    """Share of the baseline's errors that are gone, from two accuracies in [0, 1].

    Negative if there are more errors than before. A baseline without errors has none that could
    go: raise a `ValueError`.
    """
    raise NotImplementedError
