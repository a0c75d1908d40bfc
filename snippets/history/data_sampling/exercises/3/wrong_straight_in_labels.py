"""The line was drawn over the number of labels, not over its logarithm. Ten more labels are much
when there are ten, and little when there are a thousand.
"""


def labels_worth(labels, accuracy, reached):
    right = int((accuracy < reached).sum().clamp(min=1))
    share = (reached - accuracy[right - 1]) / (accuracy[right] - accuracy[right - 1])
    return (labels[right - 1] + share * (labels[right] - labels[right - 1])).item()
