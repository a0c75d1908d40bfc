import torch
from torch import nn


def layer(weight, bias):
    made = nn.Linear(len(weight[0]), len(weight), dtype=torch.float64)
    made.weight.data = torch.tensor(weight, dtype=torch.float64)
    made.bias.data = torch.tensor(bias, dtype=torch.float64)
    return made


def check(fold):
    turn, lean = [[0, -1], [1, 0]], [[1, 0.5], [0, 1]]
    pairs = {
        "turn, then lean, no bias": (layer(turn, [0, 0]), layer(lean, [0, 0])),
        "turn, then lean, first bias (1, 2)": (layer(turn, [1, 2]), layer(lean, [0, 0])),
        "lean, then turn, biases (1, 2) and (3, 4)": (layer(lean, [1, 2]), layer(turn, [3, 4])),
    }
    for name, (first, second) in pairs.items():
        weight, bias = fold(first, second)
        whole = nn.Sequential(first, second)
        nowhere = torch.zeros(2, dtype=torch.float64)
        yield f"weight of {name}", weight, torch.func.jacrev(whole)(nowhere).detach()
        yield f"bias of {name}", bias, whole(nowhere).detach()
