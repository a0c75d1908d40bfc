from dlbasic.exercises import refusal

TEN = ["yes"] * 4 + ["no"] * 3 + ["Maybe", "maybe ", "unclear"]


def check(consensus_accuracy):
    yield "'yes', which 4 of 10 people gave", consensus_accuracy("yes", TEN), 1.0
    yield "'no', which 3 of 10 people gave", consensus_accuracy("no", TEN), 1.0
    yield "'unclear', which 1 of 10 gave", consensus_accuracy("unclear", TEN), 1 / 3
    yield "'red', which nobody gave", consensus_accuracy("red", TEN), 0.0
    yield "' Maybe', given as 'Maybe' and 'maybe '", consensus_accuracy(" Maybe", TEN), 2 / 3
    yield "nobody was asked", refusal(consensus_accuracy, "yes", []), "ValueError"
