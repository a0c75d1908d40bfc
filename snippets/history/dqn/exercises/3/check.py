import torch


def check(dueling_q):
    for batch, actions in [(1, 2), (3, 4), (5, 3)]:
        generator = torch.Generator().manual_seed(batch)
        value = torch.randn(batch, generator=generator, dtype=torch.float64)
        advantage = torch.randn(batch, actions, generator=generator, dtype=torch.float64)
        rows = [
            [v + a - sum(row) / len(row) for a in row]
            for v, row in zip(value.tolist(), advantage.tolist(), strict=True)
        ]
        expected = torch.tensor(rows)
        yield f"Q of {batch} states, {actions} actions", dueling_q(value, advantage), expected
