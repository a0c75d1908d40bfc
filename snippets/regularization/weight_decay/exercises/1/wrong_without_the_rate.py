"""The decay was not multiplied by the learning rate. A schedule that lowers the rate would let the
decay take over in the end.
"""


def step(weights, update, *, learning_rate, decay, is_bias):
    kept = 1.0 if is_bias else 1 - decay
    return kept * weights - learning_rate * update
