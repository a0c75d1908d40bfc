import numpy as np
import torch

CASES = [(1, 1, 8, 8, 6), (2, 3, 6, 8, 4), (1, 1, 5, 5, 5), (2, 1, 9, 7, 3)]


def check(ten_views):
    for *shape, size in CASES:
        images = torch.randn(shape, generator=torch.Generator().manual_seed(size))
        windows = np.lib.stride_tricks.sliding_window_view(images.numpy(), (size, size), (2, 3))
        bottom, right = windows.shape[2] - 1, windows.shape[3] - 1
        places = [(0, 0), (0, right), (bottom, 0), (bottom, right), (bottom // 2, right // 2)]
        five = [windows[:, :, y, x] for y, x in places]
        expected = np.stack([*five, *(np.fliplr(v.swapaxes(1, 3)).swapaxes(1, 3) for v in five)])
        yield (
            f"ten_views(images {tuple(shape)}, size={size})",
            ten_views(images, size=size),
            expected,
        )
