"""Absent words stay in place, but their m and v fade as if a gradient of zero had been measured.
Nothing was measured: all three must wait for the word.
"""

import torch


def lazy_adam_step(state, gradient, present, t):
    theta, m, v = state
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient**2
    step = m / (1 - 0.9**t) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
    return torch.where(present[:, None], theta - 0.1 * step, theta), m, v
