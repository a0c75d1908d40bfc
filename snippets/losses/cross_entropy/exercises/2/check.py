import torch
from torch.nn.functional import binary_cross_entropy_with_logits

CASES = {
    "logit 0, target 1": ([0.0], [1.0]),
    "logit 2, target 0": ([2.0], [0.0]),
    "logits 1, -2, 0.5, targets 1, 1, 0": ([1.0, -2.0, 0.5], [1.0, 1.0, 0.0]),
    "logit 1, target 0.3": ([1.0], [0.3]),
}


def check(binary_cross_entropy):
    for name, rows in CASES.items():
        logits, targets = (torch.tensor(row, dtype=torch.float64) for row in rows)
        expected = binary_cross_entropy_with_logits(logits, targets)
        got = binary_cross_entropy(logits, targets)
        yield f"{name}, to four digits", round(float(got), 4), round(float(expected), 4)
    for logit, target in ((500.0, 0.0), (-500.0, 1.0)):
        z, y = (torch.tensor([value], dtype=torch.float64) for value in (logit, target))
        got = float(binary_cross_entropy(z, y))
        name = f"logit {logit}, target {target}"
        yield f"{name}: is the loss finite?", abs(got) < float("inf"), True
        if abs(got) < float("inf"):
            more = float(binary_cross_entropy(2 * z, y)) - got
            yield f"{name}: how much more does a logit of {2 * logit} cost?", more, 500.0
