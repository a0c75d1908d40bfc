"""Truth and answer are swapped. A row of the table holds one truth, and its column is what was
answered.
"""


def worst_confusion(counts):
    mistakes = counts - counts.diag().diag()
    answer, truth = divmod(mistakes.argmax().item(), counts.shape[1])
    return truth, answer
