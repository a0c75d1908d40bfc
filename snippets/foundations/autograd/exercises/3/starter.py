import numpy as np


def scale_and_shift_gradients(
    gradient: np.ndarray, images: np.ndarray, scale: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients for `images`, `scale` and `shift`, where output = images * scale + shift.

    `images` and `gradient`, that of the output, have the axes (example, channel, height, width),
    `scale` and `shift` the shape (channel, 1, 1). Each result has the shape of what it is for.
    """
    raise NotImplementedError
