import numpy as np
import torch

CURVES = {
    "10 to 1000 labels": ([10, 100, 1000], [0.6, 0.9, 0.98]),
    "4, 64 and 256 labels": ([4, 64, 256], [0.5, 0.7, 0.8]),
}


def check(labels_worth):
    for name, (labels, accuracy) in CURVES.items():
        sizes = torch.tensor(labels, dtype=torch.float64)
        curve = torch.tensor(accuracy, dtype=torch.float64)
        for reached in (accuracy[0], accuracy[1], sum(accuracy[:2]) / 2, sum(accuracy[1:]) / 2):
            expected = np.exp(np.interp(reached, accuracy, np.log(labels)))
            got = labels_worth(sizes, curve, reached)
            yield (
                f"{name}, accuracies {accuracy}, reached {reached:.3f}",
                round(got, 4),
                round(expected, 4),
            )
