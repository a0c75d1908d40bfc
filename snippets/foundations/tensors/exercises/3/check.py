import torch


def check(masked_mean):
    values = torch.randn(3, 4, 2, generator=torch.Generator().manual_seed(0))
    lengths = [4, 2, 1]
    mask = torch.arange(4) < torch.tensor(lengths)[:, None]
    by_hand = torch.stack([row[:n].mean(dim=0) for row, n in zip(values, lengths, strict=True)])
    got = masked_mean(values, mask)
    yield "masked_mean of sequences of 4, 2 and 1 steps", got, by_hand
    full = torch.ones(3, 4, dtype=torch.bool)
    yield "masked_mean of full sequences", masked_mean(values, full), values.mean(dim=1)
    gaps = torch.tensor([[True, False, False, True]])
    expected = (values[:1, 0] + values[:1, 3]) / 2
    yield "masked_mean of the first and the last step", masked_mean(values[:1], gaps), expected
    lengths = torch.tensor([4, 0, 1])
    emptied = torch.arange(4) < lengths[:, None]
    expected = by_hand * torch.tensor([[1], [0], [1]])
    yield "masked_mean with an empty sequence", masked_mean(values, emptied), expected
