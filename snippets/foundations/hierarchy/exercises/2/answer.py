import torch
from jaxtyping import Float, Int
from torch import Tensor

from dlbasic.foundations.hierarchy import deal


def read_by_neighbours(
    images: Float[Tensor, "example height width"],
    digits: Int[Tensor, " example"],
    new: Float[Tensor, "new height width"],
    k: int,
) -> Int[Tensor, " new"]:
    distances = torch.cdist(new.flatten(1), images.flatten(1))  # new × example
    voters = digits[distances.argsort(dim=1)[:, :k]]  # the nearest one first
    votes = (voters[:, :, None] == voters[:, None, :]).sum(dim=2)  # for what each voter says
    return voters.gather(1, votes.argmax(dim=1, keepdim=True))[:, 0]


(x, y), _, (x_test, y_test) = deal(seed=0)
for k in (1, 2, 3, 30, 300):
    right = (read_by_neighbours(x, y, x_test, k) == y_test).double().mean()
    print(f"{k:3} neighbours: {right:.3f}")
few, many = (read_by_neighbours(x, y, x_test, k) for k in (1, 300))
assert torch.equal(few, read_by_neighbours(x, y, x_test, 2))  # two who differ: the nearer one wins
assert (few == y_test).double().mean() > (many == y_test).double().mean() + 0.05
