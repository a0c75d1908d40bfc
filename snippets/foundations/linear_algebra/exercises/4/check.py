import torch


def by_autograd(features, decay):
    def loss(weights):
        return (features @ weights).square().mean() + decay * weights.square().sum()

    hessian = torch.autograd.functional.hessian(loss, torch.zeros(features.shape[1]).double())
    return 2 / torch.linalg.eigvalsh(hessian)[-1].item()


def check(largest_rate):
    rows = torch.tensor([[3.0, 0.0], [0.0, 1.0]]).double()
    random = torch.randn(20, 3, generator=torch.Generator().manual_seed(0)).double()
    for decay in (0.0, 0.5, 4.0):
        what = f"largest_rate([[3, 0], [0, 1]], {decay})"
        yield what, largest_rate(rows, decay), by_autograd(rows, decay)
    yield "largest_rate([[2]], 0.0)", largest_rate(torch.tensor([[2.0]]).double(), 0.0), 0.25
    for decay in (0.0, 1.0):
        what = f"largest_rate(20 random rows of 3, {decay})"
        yield what, largest_rate(random, decay), by_autograd(random, decay)
