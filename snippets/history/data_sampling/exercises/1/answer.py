import torch
from jaxtyping import Float
from torch import Tensor


def distance(
    points: Float[Tensor, "point axis"], start: Float[Tensor, " axis"], end: Float[Tensor, " axis"]
) -> Float[Tensor, " point"]:
    """Distance of each point from the nearest point of the straight piece from start to end."""
    way = end - start
    share = ((points - start) @ way / (way @ way)).clamp(0, 1)
    return (points - start - share[:, None] * way).norm(dim=1)


side = torch.arange(0, 24) + 0.5
places = torch.cartesian_prod(side, side).flip(1)  # x, y, row after row
one = [((6.0, 8.0), (12.0, 3.0)), ((12.0, 3.0), (12.0, 21.0)), ((7.0, 21.0), (17.0, 21.0))]
strokes = [distance(places, *map(torch.tensor, ends)) for ends in one]
ink = (torch.stack(strokes).amin(dim=0) < 1.5).view(24, 24)
print("\n".join("".join("#" if dark else "." for dark in row) for row in ink[::2]))
assert ink[12, 12]
assert not ink[12, 5]
