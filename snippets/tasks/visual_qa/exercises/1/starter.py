def consensus_accuracy(answer: str, given: list[str]) -> float:
    """How far people agree with an answer: 1 if three or more gave it, 1/3 for each if fewer.

    Args:
        answer: What the model says.
        given: What each of several people said. Case and spaces at the ends do not count.

    Raises:
        ValueError: If nobody was asked.
    """
    raise NotImplementedError
