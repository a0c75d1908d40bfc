import torch
from jaxtyping import Bool, Float
from torch import Tensor


def last_four(
    frames: Float[Tensor, "time height width"], begins: Bool[Tensor, " time"], now: int
) -> Float[Tensor, "4 height width"]:
    """Return the state at the time `now`: its frame and the three before it, the oldest first."""
    first = int(begins[: now + 1].nonzero().max())
    seen = frames[max(first, now - 3) : now + 1]
    return torch.cat([frames.new_zeros(4 - len(seen), *frames.shape[1:]), seen])


frames = torch.rand(2_000, 4, 4)
stacked, single = 4 * frames[0].numel(), frames[0].numel()
begins = torch.arange(len(frames)) % 500 == 0
state = last_four(frames, begins, 1001)
print("frames of the state that are not zero:", (state.amax(dim=(1, 2)) > 0).int().tolist())
print(f"numbers stored per step: {single}, and {2 * stacked} if each transition holds two states")
assert torch.equal(state[2:], frames[1000:1002])
assert state[:2].count_nonzero() == 0
