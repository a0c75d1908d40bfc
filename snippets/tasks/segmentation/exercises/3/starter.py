def receptive_field(layers: list[tuple[int, int]]) -> int:
    """Width in pixels of the part of the input on which one value of the output depends.

    Args:
        layers: Kernel size and stride of each convolution, the first one first. Paddings do not
            matter, for the input is much larger than the answer.
    """
    raise NotImplementedError
