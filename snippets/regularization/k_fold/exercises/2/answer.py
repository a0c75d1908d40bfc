import torch
from jaxtyping import Int
from torch import Tensor


def leave_groups_out(groups: Int[Tensor, " example"]) -> list[tuple[list[int], list[int]]]:
    """Return, for each group in ascending order, the indices to train on and those to hold out."""
    indices = torch.arange(len(groups))
    return [
        (indices[groups != group].tolist(), indices[groups == group].tolist())
        for group in groups.unique()
    ]


writers = torch.tensor([7, 7, 3, 3, 3, 9])  # who wrote each of six digits
for train, held_out in leave_groups_out(writers):
    print(f"train on {train}, hold out {held_out}")
    assert not set(writers[train].tolist()) & set(writers[held_out].tolist())
