import torch
from torch.nn import functional

from dlbasic.regularization.dropout import Dropout, dropout

x = torch.tensor([-1.0, 0.5, 2.0], dtype=torch.float64, requires_grad=True)
rows = x.expand(100_000, 3)
print("rate         mean of 100,000 draws    their variance")
for rate in (0.2, 0.5, 0.8):
    torch.manual_seed(0)
    library = functional.dropout(rows, rate)
    ours = Dropout(rate, generator=torch.Generator().manual_seed(0))(rows)
    for name, draws in {"ours": ours, "torch": library}.items():
        mean, variance = draws.detach().mean(0), draws.detach().var(0)
        print(f"{rate:3} {name:6}", *(f"{value:7.2f}" for value in (*mean, *variance)))
        assert (mean - x).abs().max() < 0.05
        assert (variance / (x.detach() ** 2 * rate / (1 - rate)) - 1).abs().max() < 0.05

    same_mask = dropout(rows, (library != 0).double(), rate=rate)
    gradients = [torch.autograd.grad(draws.sum(), x)[0] for draws in (same_mask, library)]
    assert (same_mask - library).abs().max() < 1e-12
    assert (gradients[0] / gradients[1] - 1).abs().max() < 1e-12
