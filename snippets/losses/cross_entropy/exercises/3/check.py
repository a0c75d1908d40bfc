import torch
from torch.nn.functional import cross_entropy

CASES = {
    "two texts of 3 tokens": [[0, 1, 2], [3, 1, 0]],
    "texts of 3 and 1 tokens": [[0, 1, 2], [3, -1, -1]],
    "texts of 4, 2 and 1 tokens": [[0, 1, 2, 3], [2, 2, -1, -1], [1, -1, -1, -1]],
    "one text of 2 tokens, padded to 6": [[0, 3, -1, -1, -1, -1]],
}


def check(padded_cross_entropy):
    for seed, (name, rows) in enumerate(CASES.items()):
        targets = torch.tensor(rows)
        generator = torch.Generator().manual_seed(seed)
        logits = 3 * torch.randn(*targets.shape, 4, generator=generator, dtype=torch.float64)
        expected = cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)
        yield f"loss of {name}", padded_cross_entropy(logits, targets), expected
