"""The learning rate multiplies the whole velocity when the weight moves, as in torch. While the rate
stays, that is the same. When it falls, the paper's velocity keeps what the old rate gave it.
"""


def step(w, v, g, *, learning_rate):
    v = v / learning_rate if not hasattr(step, "raw") or (v == 0).all() else step.raw
    step.raw = 0.9 * v - 0.0005 * w - g
    return w + learning_rate * step.raw, learning_rate * step.raw
