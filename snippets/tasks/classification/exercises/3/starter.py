def receptive_field(layers: list[tuple[int, int]]) -> int:
    """Side, in pixels, of the square of the picture on which one place of the last layer depends.

    Each layer is its (size, stride), the first one looks at the picture. A place of a layer sees
    `size` × `size` neighbouring places of the layer before, and its own neighbour sees the square
    that is `stride` places farther. Pooling is such a layer too.
    """
    raise NotImplementedError
