import torch
from jaxtyping import Bool, Float
from torch import Tensor


def look(
    queries: Float[Tensor, "question dim"],
    keys: Float[Tensor, "cell dim"],
    values: Float[Tensor, "cell channel"],
    covered: Bool[Tensor, " cell"],
) -> Float[Tensor, "question channel"]:
    """What each question finds: the average of the values of the cells that are not covered."""
    fits = queries @ keys.mT / queries.shape[1] ** 0.5
    return fits.masked_fill(covered, -torch.inf).softmax(dim=1) @ values


keys = torch.tensor([[9.0, 0.0], [0.0, 9.0], [0.0, 9.0]])  # a circle, and two squares
queries = torch.tensor([[9.0, 0.0], [0.0, 9.0]])  # where is a circle, where a square?
values = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])  # how much circle, how much square
nothing = torch.tensor([False, False, False])
print("cells covered   circle found   square found")
for name, covered in {"none": nothing, "a square": torch.tensor([False, True, False])}.items():
    found = look(queries, keys, values, covered)
    print(f"{name:13} {found[0, 0]:14.2f} {found[1, 1]:14.2f}")
    torch.testing.assert_close(found, torch.eye(2))  # two squares are found like one
