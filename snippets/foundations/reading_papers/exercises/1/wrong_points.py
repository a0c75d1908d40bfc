"""You return percentage points: one more point is much at 98% and little at 50%."""


def error_reduction(baseline: float, accuracy: float) -> float:
    if baseline == 1:
        raise ValueError("baseline must make errors")
    return accuracy - baseline
