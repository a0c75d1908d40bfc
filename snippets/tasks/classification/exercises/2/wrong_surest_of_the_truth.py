"""The scenes were chosen by the probability of the right activity. Nobody knows that one when the
model has to decide whether to answer: what does the model itself hold for most likely?
"""


def accuracy_of_the_surest(probabilities, activities, *, answered):
    confidences = probabilities.gather(1, activities[:, None])[:, 0]
    surest = confidences.topk(round(answered * len(activities))).indices
    return (probabilities.argmax(dim=1) == activities)[surest].double().mean().item()
