"""You divide by zero when the baseline makes no errors: refuse it with a ValueError."""


def error_reduction(baseline: float, accuracy: float) -> float:
    return (accuracy - baseline) / (1 - baseline)
