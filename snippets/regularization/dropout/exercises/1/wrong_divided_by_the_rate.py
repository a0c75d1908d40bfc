"""What is kept was divided by the rate, which is the part that is left out. For a rate of one half
nobody notices. Divide by the part that is kept.
"""


def dropout(inputs, uniform, *, rate, training):
    return inputs * (uniform >= rate) / rate if training else inputs
