"""This averages precision: the part of the predictions of a class that is right. Recall asks the
other way round: of the examples that have the label, how many were found?
"""

import math

from dlbasic.losses.loss_and_goal import precision


def balanced_accuracy(predictions, labels):
    right = [part for part in precision(predictions, labels) if not math.isnan(part)]
    return sum(right) / len(right)
