"""Only the most frequent answer counts here. People often disagree, and an answer that several of
them gave is not wrong: let the number who gave it decide.
"""

from collections import Counter


def consensus_accuracy(answer, given):
    if not given:
        raise ValueError("given must hold an answer or more, got none")
    ((most, _),) = Counter(said.strip().lower() for said in given).most_common(1)
    return float(answer.strip().lower() == most)
