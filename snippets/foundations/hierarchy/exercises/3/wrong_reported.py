"""You chose well and then reported the score that chose. The winner of a race was also lucky.

Which set had no part in the choice?
"""

from sklearn.neighbors import KNeighborsClassifier


def tune_neighbours(sets, candidates):
    models = [KNeighborsClassifier(k).fit(*sets.train) for k in candidates]
    best = max(models, key=lambda model: model.score(*sets.validation))
    return best.n_neighbors, best.score(*sets.validation)
