import numpy as np
import torch

CASES = [
    ([[1.0]], [[3.0]]),
    ([[0.5, -2.0], [1.0, 0.0], [4.0, 4.0]], [[0.0, 1.0], [1.0, -3.0], [5.0, 2.0]]),
    ([[1000.0], [-2000.0]], [[0.0], [0.0]]),
]


def check(log_cosh, log_cosh_gradient):
    for rows in CASES:
        predictions, targets = (torch.tensor(part, dtype=torch.float64) for part in rows)
        name = "predictions {}, targets {}".format(*rows)
        residuals = np.array(rows[1]) - np.array(rows[0])
        values = np.logaddexp(residuals, -residuals) - np.log(2)
        loss = log_cosh(predictions, targets)
        yield f"loss, {name}", loss, values.sum(axis=1).mean()
        if torch.as_tensor(loss).isfinite().all():
            gradient = torch.tensor(-np.tanh(residuals) / len(residuals))
            yield f"gradient, {name}", log_cosh_gradient(predictions, targets), gradient
