import matplotlib.pyplot as plt
import torch

from dlbasic.losses.likelihood import gaussian_nll


def nll_and_pull(residual, variance):
    mean = torch.tensor([[residual]], dtype=torch.float64, requires_grad=True)
    nll = gaussian_nll(mean, torch.zeros_like(mean), torch.full_like(mean, variance))
    nll.backward()
    return nll.item(), mean.grad.item()


print("variance   NLL, exact fit   NLL, off by 1   pull of that one")
for variance in [100.0, 1.0, 0.01, 1e-30]:
    (exact, _), (off, pull) = nll_and_pull(0.0, variance), nll_and_pull(1.0, variance)
    print(f"{variance:8g} {exact:16.2f} {off:15.4g} {pull:18g}")
    assert abs(pull * variance - 1) < 1e-12
assert exact < -30 < 0 < off

grid = torch.logspace(-7, 1, 161, dtype=torch.float64).tolist()
figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
for residual in [1.0, 0.1, 0.01, 0.0]:
    curve = [nll_and_pull(residual, variance)[0] for variance in grid]
    axes.semilogx(grid, curve, label=f"off by {residual:g}")
    lowest = grid[curve.index(min(curve))]
    assert abs(lowest - residual**2) < 1e-3 * residual**2 + 2e-7
axes.set(xlabel="predicted variance", ylabel="NLL of one example (nats)", ylim=(-8, 8))
axes.legend()
plt.show()
