import torch
from jaxtyping import Bool, Float
from torch import Tensor


def n_step_targets(
    rewards: Float[Tensor, " time"],
    terminated: Bool[Tensor, " time"],
    next_values: Float[Tensor, " time"],
    n: int,
    discount: float,
) -> Float[Tensor, " start"]:
    """Return the targets of the steps 0, 1, ... that have n - 1 steps after them."""
    count = len(rewards) - n + 1
    y = next_values[n - 1 :]
    for k in reversed(range(n)):
        here = slice(k, k + count)
        y = rewards[here] + discount * y * ~terminated[here]
    return y


rewards = torch.zeros(40)
rewards[-1] = 1  # a corridor of 40 steps, with a reward at its end
terminated = rewards > 0
print("updates of every step until the first one hears of the reward")
for n in (1, 3, 10):
    values, updates = torch.zeros(40), 0  # one value per step, as in a table
    padding = torch.zeros(n - 1)
    while values[0] == 0:
        after = torch.cat([values[1:], torch.zeros(1)])  # the value of the state after each step
        parts = [torch.cat([part, padding]) for part in (rewards, terminated.float(), after)]
        values = n_step_targets(parts[0], parts[1].bool(), parts[2], n, 0.99)
        updates += 1
    print(f"  n = {n:2} {updates:6}")
    assert updates == -(-40 // n)
