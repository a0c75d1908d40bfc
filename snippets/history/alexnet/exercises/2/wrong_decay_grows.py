"""The decay was added, so weights grow. Which sign pulls them towards zero?"""


def step(w, v, g, *, learning_rate):
    v = 0.9 * v + 0.0005 * learning_rate * w - learning_rate * g
    return w + v, v
