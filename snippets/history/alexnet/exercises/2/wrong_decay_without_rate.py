"""The decay of the weights lacks the learning rate. In the paper ε scales both, the decay and the
gradient.
"""


def step(w, v, g, *, learning_rate):
    v = 0.9 * v - 0.0005 * w - learning_rate * g
    return w + v, v
