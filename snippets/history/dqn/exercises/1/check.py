import torch

ENDS = {"no end": [], "an end inside": [4], "an end at the last step": [9], "two ends": [2, 7]}


def by_hand(rewards, terminated, next_values, n, discount, t):
    target = 0.0
    for k in range(n):
        target += discount**k * rewards[t + k]
        if terminated[t + k]:
            return target
    return target + discount**n * next_values[t + n - 1]


def check(n_step_targets):
    for name, ends in ENDS.items():
        for n in (1, 3):
            generator = torch.Generator().manual_seed(n)
            rewards, next_values = torch.randn(2, 10, generator=generator, dtype=torch.float64)
            terminated = torch.zeros(10, dtype=torch.bool)
            terminated[ends] = True
            given = rewards, terminated, next_values, n, 0.9
            expected = [by_hand(*given, t).item() for t in range(10 - n + 1)]
            yield f"n = {n}, {name}", n_step_targets(*given), torch.tensor(expected)
