import numpy as np
import torch
from sklearn.model_selection import KFold, StratifiedKFold

from dlbasic.regularization.k_fold import k_fold, stratified_k_fold

labels = np.repeat([0, 1, 2], [70, 20, 10])  # sorted, as data often come
order = np.random.RandomState(0).permutation(100)  # the way in which scikit-learn shuffles

pairs = {
    "in order": (k_fold(torch.arange(100), folds=5), KFold(5)),
    "shuffled": (k_fold(torch.tensor(order), folds=5), KFold(5, shuffle=True, random_state=0)),
    "stratified": (
        stratified_k_fold(torch.tensor(labels), torch.arange(100), folds=5),
        StratifiedKFold(5),
    ),
}
print("held out of each class by the five folds, and equal to scikit-learn to the index")
for name, (ours, library) in pairs.items():
    counts = [np.bincount(labels[fold.held_out], minlength=3).tolist() for fold in ours]
    print(f"{name:10}", *counts)
    for fold, theirs in zip(ours, library.split(np.zeros(100), labels), strict=True):
        assert fold.train.tolist() == theirs[0].tolist()
        assert fold.held_out.tolist() == theirs[1].tolist()
