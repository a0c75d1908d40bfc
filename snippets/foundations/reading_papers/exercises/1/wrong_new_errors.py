"""You divide by the errors that are left. The share is of the errors that the baseline made."""


def error_reduction(baseline: float, accuracy: float) -> float:
    if baseline == 1:
        raise ValueError("baseline must make errors")
    return (accuracy - baseline) / (1 - accuracy)
