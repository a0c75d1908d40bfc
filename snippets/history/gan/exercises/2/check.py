import numpy as np
import torch
from scipy.spatial.distance import jensenshannon

CASES = [
    ([0.5, 0.5], [0.5, 0.5]),
    ([0.2, 0.8], [0.6, 0.4]),
    ([0.25, 0.25, 0.5, 0.0], [0.0, 0.5, 0.5, 0.0]),
    ([1.0, 0.0], [0.0, 1.0]),
]


def check(jensen_shannon):
    for p, q in CASES:
        got = jensen_shannon(*(torch.tensor(each, dtype=torch.float64) for each in (p, q)))
        yield f"jensen_shannon({p}, {q})", got, np.square(jensenshannon(p, q))
