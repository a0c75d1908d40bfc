"""Absent words still move. A gradient of zero does not make a step of zero: what m has kept from
earlier steps pushes on. Which rows may change at all?
"""


def lazy_adam_step(state, gradient, present, t):
    theta, m, v = state
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient**2
    step = m / (1 - 0.9**t) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
    return theta - 0.1 * step, m, v
