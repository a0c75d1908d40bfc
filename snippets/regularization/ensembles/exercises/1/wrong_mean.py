"""This averages the probabilities, and a member that is very sure outweighs the others. In a vote
each member has one voice.
"""


def vote(probabilities):
    return probabilities.mean(dim=0).argmax(dim=1)
