"""`recall` gives NaN for a class without examples, and one NaN makes NaN of every average.
Which classes does the average run over?
"""

from dlbasic.losses.loss_and_goal import recall


def balanced_accuracy(predictions, labels):
    found = recall(predictions, labels)
    return sum(found) / len(found)
