import torch

from dlbasic.history.adam import Adam, LogisticRegression, dense_problem, train

pixels, digits = (part.double() for part in dense_problem())
settings = {
    "as it comes": {},
    "weight decay": {"weight_decay": 0.01},
    "AMSGrad": {"amsgrad": True},
}

print("500 steps        largest weight   difference from torch.optim.Adam")
for name, setting in settings.items():
    ours, library = (LogisticRegression(64, 10).double() for _ in range(2))
    optimizers = [
        Adam(ours.parameters(), learning_rate=0.01, **setting),
        torch.optim.Adam(library.parameters(), lr=0.01, **setting),
    ]
    list(train([ours, library], optimizers, pixels, digits, steps=500))
    difference = (ours.weight - library.weight).abs().max()
    print(f"{name:16} {ours.weight.abs().max():14.2f}   below 1e-9")
    assert difference < 1e-9
