import math

import torch


def literal(probabilities, reach):
    rows, columns = probabilities.shape
    best, place = -1.0, None
    for row in range(rows):
        for column in range(columns):
            chance = sum(
                probabilities[i, j].item()
                for i in range(rows)
                for j in range(columns)
                if math.hypot(i - row, j - column) <= reach
            )
            if chance > best:
                best, place = chance, torch.tensor([column + 0.5, row + 0.5])
    return place


def check(best_bet):
    one = torch.zeros(5, 7)
    one[3, 1] = 1.0
    yield (
        "all in the cell in row 3, column 1, reach 0.5",
        best_bet(one, 0.5),
        torch.tensor([1.5, 3.5]),
    )
    two = torch.zeros(7, 9)
    two[1, 1], two[5, 7] = 0.4, 0.2
    two[5, 6], two[5, 8], two[4, 7] = 0.15, 0.15, 0.1
    yield (
        "a peak of 0.4, and a hill of 0.6, reach 1.2",
        best_bet(two, 1.2),
        torch.tensor([7.5, 5.5]),
    )
    yield "the same, reach 0.5", best_bet(two, 0.5), torch.tensor([1.5, 1.5])
    for seed, reach in ((0, 1.2), (1, 1.2), (2, 2.5), (3, 2.5)):
        generator = torch.Generator().manual_seed(seed)
        cells = (2 * torch.randn(8, 6, generator=generator, dtype=torch.float64)).flatten()
        cells = cells.softmax(dim=0).view(8, 6)
        yield (
            f"8 by 6 cells, case {seed}, reach {reach}",
            best_bet(cells, reach),
            literal(cells, reach),
        )
