"""This divides by the number of people. Then even the most frequent answer is rarely worth 1.
How many people are enough, and what is anything beyond them worth?
"""


def consensus_accuracy(answer, given):
    if not given:
        raise ValueError("given must hold an answer or more, got none")
    wanted = answer.strip().lower()
    return sum(said.strip().lower() == wanted for said in given) / len(given)
