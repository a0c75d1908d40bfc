from torch import nn

from dlbasic.regularization.early_stopping import EarlyStopping

CASES = [
    ([3.0, 2.0, 1.0, 2.0, 0.5], 0),
    ([3.0, 2.0, 1.0, 2.0, 0.5], 1),
    ([2.0, 2.0, 2.0, 2.0, 2.0], 1),
    ([5.0, 6.0, 4.0, 5.0, 3.0, 4.0, 5.0], 1),
    ([3.0, 2.0, 1.0], 2),
    ([1.0], 0),
]


def check(stopping_point):
    for losses, patience in CASES:
        stopping = EarlyStopping(nn.Linear(1, 1), patience=patience)
        stop, best = 0, 0
        for stop, loss in enumerate(losses):
            before = stopping.best_loss
            done = stopping.should_stop(loss)
            best = stop if stopping.best_loss < before else best
            if done:
                break
        got = stopping_point(losses, patience=patience)
        yield f"stopping_point({losses}, patience={patience})", got, (stop, best)
