def by_chance(wins: int, seeds: int) -> float:
    """How likely it is that a coin gives a split as uneven as this one, or more, to either side.

    A technique that does nothing wins each seed with probability one half.
    """
    raise NotImplementedError
