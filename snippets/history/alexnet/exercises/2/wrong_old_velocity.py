"""The weight was moved by the velocity of the step before. Update v first, and then add it to w."""


def step(w, v, g, *, learning_rate):
    return w + v, 0.9 * v - 0.0005 * learning_rate * w - learning_rate * g
