"""You chose by the training set, where every image is its own nearest neighbour.

There one neighbour is always right. Choose where the answer is not stored in the model.
"""

from sklearn.neighbors import KNeighborsClassifier


def tune_neighbours(sets, candidates):
    models = [KNeighborsClassifier(k).fit(*sets.train) for k in candidates]
    best = max(models, key=lambda model: model.score(*sets.train))
    return best.n_neighbors, best.score(*sets.test)
