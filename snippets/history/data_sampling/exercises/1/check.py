import torch
from scipy.optimize import minimize_scalar

CASES = {
    "beside the middle": ((0, 0), (4, 0), (2, 3)),
    "beside a slanted one": ((1, 1), (5, 4), (1, 4)),
    "beyond the end": ((0, 0), (4, 0), (7, 4)),
    "before the start": ((0, 0), (4, 0), (-3, 4)),
    "on it": ((0, 0), (0, 8), (0, 2)),
}


def check(distance):
    for name, case in CASES.items():
        start, end, point = (torch.tensor(place, dtype=torch.float64) for place in case)

        def far(share, start=start, end=end, point=point):
            return (start + share * (end - start) - point).norm().item()

        nearest = minimize_scalar(far, bounds=(0, 1), method="bounded", options={"xatol": 1e-12})
        expected = round(min(nearest.fun, far(0), far(1)), 6)
        got = round(distance(point[None], start, end).item(), 6)
        yield f"a point {name}: {case[2]} from {case[0]} to {case[1]}", got, expected
