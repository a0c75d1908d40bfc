"""The value at the end of the window is n steps away, and was discounted by one. A reward k steps
away is multiplied by the discount k times; so is a value.
"""


def n_step_targets(rewards, terminated, next_values, n, discount):
    count = len(rewards) - n + 1
    total, alive = 0 * rewards[:count], 1
    for k in range(n):
        total = total + discount**k * alive * rewards[k : k + count]
        alive = alive * ~terminated[k : k + count]
    return total + discount * alive * next_values[n - 1 :]
