"""The decay does not depend on the learning rate. A schedule that ends at a rate of zero would go
on shrinking the weights: the rate scales both parts of the step.
"""


def adamw_step(state, gradient, t, *, learning_rate, decay):
    theta, m, v = state
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient**2
    step = m / (1 - 0.9**t) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
    return theta - learning_rate * step - decay * theta, m, v
