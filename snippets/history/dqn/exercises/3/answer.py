import torch
from jaxtyping import Float
from torch import Tensor


def dueling_q(
    value: Float[Tensor, " batch"], advantage: Float[Tensor, "batch action"]
) -> Float[Tensor, "batch action"]:
    """Return Q of every action, so that the actions of a state have `value` as their mean."""
    return value[:, None] + advantage - advantage.mean(dim=1, keepdim=True)


value = torch.zeros(1, requires_grad=True)
advantage = torch.zeros(1, 4, requires_grad=True)
error = dueling_q(value, advantage)[0, 2] - 1  # action 2 was better than thought, by 1
(error.square() / 2).backward()
value, advantage = -value.grad / 1.75, -advantage.grad / 1.75  # a step that makes it 1
print("what one observation of action 2 teaches about the four actions:")
print(*(f"{q:6.2f}" for q in dueling_q(value, advantage)[0]))
assert abs(dueling_q(value, advantage)[0, 2] - 1) < 1e-6
torch.testing.assert_close(dueling_q(value, advantage + 5), dueling_q(value, advantage))
assert (dueling_q(value, advantage) > 0).all()  # three actions that were never tried rise too
