import torch
from jaxtyping import Float, Int
from torch import Tensor

PADDING, UNKNOWN, CLS, SEP, MASK = range(5)


def hide(
    tokens: Int[Tensor, "batch time"],
    choice: Float[Tensor, "batch time"],
    fate: Float[Tensor, "batch time"],
    others: Int[Tensor, "batch time"],
) -> tuple[Int[Tensor, "batch time"], Int[Tensor, "batch time"]]:
    """Return what the model reads, and what stood where it is asked, -1 elsewhere."""
    special = (tokens == PADDING) | (tokens == CLS) | (tokens == SEP)
    chosen = (choice < 0.15) & ~special
    inputs = torch.where(chosen & (fate < 0.8), MASK, tokens)
    inputs = torch.where(chosen & (fate >= 0.8) & (fate < 0.9), others, inputs)
    return inputs, torch.where(chosen, tokens, -1)


tokens = torch.tensor([[CLS, 7, 8, 9, 10, SEP, PADDING]])
choice = torch.tensor([[0.0, 0.1, 0.1, 0.1, 0.9, 0.0, 0.0]])
fate = torch.tensor([[0.0, 0.5, 0.85, 0.95, 0.0, 0.0, 0.0]])
inputs, targets = hide(tokens, choice, fate, torch.full_like(tokens, 20))
print(
    "stood there",
    tokens.tolist(),
    "\nis read    ",
    inputs.tolist(),
    "\nasked for  ",
    targets.tolist(),
)
assert inputs.tolist() == [[CLS, MASK, 20, 9, 10, SEP, PADDING]]
assert targets.tolist() == [[-1, 7, 8, 9, -1, -1, -1]]
