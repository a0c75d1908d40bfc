"""The value of the last state was added although the episode had ended on the way to it, or with
that very step. After an end there is nothing left to be worth anything.
"""


def n_step_targets(rewards, terminated, next_values, n, discount):
    count = len(rewards) - n + 1
    total, alive = 0 * rewards[:count], 1
    for k in range(n):
        total = total + discount**k * alive * rewards[k : k + count]
        alive = alive * ~terminated[k : k + count]
    return total + discount**n * next_values[n - 1 :]
