"""The letters were compared as they are, so "Maybe" and "maybe " are two answers. Bring both sides
to one form before you count.
"""


def consensus_accuracy(answer, given):
    if not given:
        raise ValueError("given must hold an answer or more, got none")
    return min(given.count(answer) / 3, 1.0)
