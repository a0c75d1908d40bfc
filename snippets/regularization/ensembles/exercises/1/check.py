from collections import Counter

import torch


def check(vote):
    generator = torch.Generator().manual_seed(0)
    for members in (1, 2, 3, 5):
        p = torch.rand(members, 8, 3, generator=generator, dtype=torch.float64) ** 4
        p = p / p.sum(dim=2, keepdim=True)
        expected = []
        for rows in p.unbind(dim=1):
            counts = Counter(row.argmax().item() for row in rows)
            expected.append(max(counts, key=lambda k: (counts[k], rows[:, k].mean().item())))
        yield f"vote of {members} members", vote(p), torch.tensor(expected)
