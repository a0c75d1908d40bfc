"""One line was drawn from the first to the last point, past all that lie between. The curve bends:
use the two sizes on either side of what was reached.
"""


def labels_worth(labels, accuracy, reached):
    share = (reached - accuracy[0]) / (accuracy[-1] - accuracy[0])
    low, high = labels[0].log(), labels[-1].log()
    return (low + share * (high - low)).exp().item()
