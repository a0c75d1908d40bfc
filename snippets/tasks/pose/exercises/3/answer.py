import torch
from jaxtyping import Float
from torch import Tensor


def centres_of(probabilities: Float[Tensor, "row column"]) -> Float[Tensor, "cell axis"]:
    rows, columns = (torch.arange(size) + 0.5 for size in probabilities.shape)
    return torch.cartesian_prod(rows, columns).flip(1)


def best_bet(probabilities: Float[Tensor, "row column"], reach: float) -> Float[Tensor, " axis"]:
    """The centre of the cell round which a joint most likely lies at most `reach` away."""
    centres = centres_of(probabilities)
    distances = (centres[:, None] - centres).norm(dim=2)
    chances = torch.where(distances <= reach, probabilities.flatten(), 0.0).sum(dim=1)
    return centres[chances.argmax()]


cells = torch.zeros(9, 12)
cells[2, 1] = 0.3  # sure of one cell: perhaps the left hand
cells[4:7, 7:10] = 0.7 / 9  # unsure round another: perhaps the right hand
centres, flat, reach = centres_of(cells), cells.flatten(), 1.5
places = {
    "likeliest cell": centres[flat.argmax()],
    "average": flat @ centres,
    "best bet": best_bet(cells, reach),
}
for name, place in places.items():
    chance = flat[(centres - place).norm(dim=1) <= reach].sum()
    x, y = place.tolist()
    print(f"{name:14}  x {x:4.1f}  y {y:3.1f}  within {reach} pixels: {chance:.2f}")
    assert (chance > 0.5) == (name == "best bet")
