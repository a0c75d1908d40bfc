import torch

CASES = [
    ([0.1, 0.4, 0.6, 0.9], [0, 1, 0, 1], 0.5),
    ([0.1, 0.4, 0.6, 0.9], [0, 1, 0, 1], 1.0),
    ([0.2, 0.3, 0.25, 0.7, 0.8], [1, 1, 0, 1, 1], 0.6),
    ([0.9, 0.05, 0.3, 0.2, 0.35, 0.5, 0.1], [0, 0, 1, 1, 1, 0, 0], 0.4),
    ([0.5, 0.5, 0.2, 0.7], [1, 1, 1, 0], 0.5),
]


def check(threshold_for_recall):
    for chances, ill, wanted in CASES:
        patients = list(zip(chances, ill, strict=True))
        highest = max(
            threshold
            for threshold in chances
            if sum(i and c >= threshold for c, i in patients) >= wanted * sum(ill)
        )
        given = torch.tensor(chances, dtype=torch.float64), torch.tensor(ill)
        threshold = float(threshold_for_recall(*given, wanted=wanted)) - 1e-6  # rounding
        name = f"who is called ill: chances {chances}, ill {ill}, wanted {wanted}"
        yield name, [int(c >= threshold) for c in chances], [int(c >= highest) for c in chances]
