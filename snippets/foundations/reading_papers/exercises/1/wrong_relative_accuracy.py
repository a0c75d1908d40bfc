"""You divide by the accuracy of the baseline. Divide by what is counted here: its errors."""


def error_reduction(baseline: float, accuracy: float) -> float:
    if baseline == 1:
        raise ValueError("baseline must make errors")
    return (accuracy - baseline) / baseline
