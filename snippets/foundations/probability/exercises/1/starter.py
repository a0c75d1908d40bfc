def probability_ill(
    base_rate: float, results: list[bool], *, if_ill: float, if_healthy: float
) -> float:
    """Return the probability of being ill, after these results of independent tests in a row.

    Args:
        base_rate: The probability of being ill before any test.
        results: Whether each test was positive.
        if_ill: The probability of a positive test for somebody who is ill.
        if_healthy: The same for somebody who is healthy.
    """
    raise NotImplementedError
