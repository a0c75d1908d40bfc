import torch

CASES = [
    ([0.7, 0.9, 0.8], [0.75, 0.8, 0.85], 1, 0.8),
    ([0.9, 0.6, 0.7, 0.8], [0.5, 0.6, 0.95, 0.7], 0, 0.5),
    ([0.55, 0.5, 0.6], [0.9, 0.7, 0.65], 2, 0.65),
]


def check(report):
    for validation, test, chosen, promised in CASES:
        index, score = report(torch.tensor(validation), torch.tensor(test))
        name = f"validation {validation}, test {test}"
        yield f"model chosen, {name}", int(index), chosen
        yield f"accuracy promised, {name}", round(float(score), 6), promised
