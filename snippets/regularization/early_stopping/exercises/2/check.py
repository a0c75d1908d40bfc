import torch
from torch import nn


def check(snapshot):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
    expected = {name: value.tolist() for name, value in model.state_dict().items()}
    kept = snapshot(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.randn(8, 2)).square().sum().backward()
        optimizer.step()
    yield "the names of what is kept", sorted(kept), sorted(expected)
    for name in sorted(expected):
        got = kept[name].tolist() if name in kept else "nothing"
        yield f"{name}, kept before three updates", got, expected[name]
