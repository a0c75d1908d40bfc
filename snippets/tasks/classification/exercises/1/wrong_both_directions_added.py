"""The two directions of a pair were added up. That a is taken for b and b for a are two mistakes,
with counts of their own.
"""


def worst_confusion(counts):
    both = counts + counts.T
    truth, answer = divmod((both - both.diag().diag()).argmax().item(), counts.shape[1])
    return truth, answer
