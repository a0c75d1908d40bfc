import torch

CASES = [
    ([[12.0, 24.0, 36.0, 48.0]], 96.0, 48.0, [[24.0, 24.0, 72.0, 48.0]]),
    ([[12.0, 24.0, 36.0, 48.0]], 480.0, 640.0, [[120.0, 320.0, 360.0, 640.0]]),
    ([[-6.0, 3.0, 6.0, 50.0]], 640.0, 480.0, [[0.0, 30.0, 80.0, 480.0]]),
    ([[0.0, -1.0, 1.0, 1.0], [40.0, 0.0, 60.0, 6.0]], 24.0, 96.0, None),
]


def check(to_photo):
    for boxes, width, height, expected in CASES:
        if expected is None:
            expected = [[0.0, 0.0, 0.5, 2.0], [20.0, 0.0, 24.0, 12.0]]
        got = to_photo(torch.tensor(boxes), width=width, height=height)
        yield f"boxes {boxes}, {width:.0f} × {height:.0f} pixels", got, torch.tensor(expected)
