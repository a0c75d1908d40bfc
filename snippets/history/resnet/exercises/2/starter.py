def count_parameters(n: int, *, filters: int) -> int:
    """Return how many parameters the network of 6n + 2 layers has, for images of three channels.

    All shortcuts are of option A. The convolutions have no bias, the classifier of ten classes has.
    """
    raise NotImplementedError
