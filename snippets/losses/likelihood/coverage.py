import torch

from dlbasic.losses.likelihood import GaussianNetwork, gaussian_nll, noisy_wave, train
from dlbasic.losses.likelihood import interval_coverage as coverage

results = {"one variance": [], "learned variance": []}
for seed in range(10):
    generator = torch.Generator().manual_seed(seed)
    seen = noisy_wave(1000, generator=generator)
    x, y = noisy_wave(4000, generator=generator)  # held out
    quarters = [x[:, 0].floor() == start for start in range(4)]
    for name, rows in results.items():
        torch.manual_seed(seed)  # both start from the same weights
        model = GaussianNetwork(learned_variance=name == "learned variance")
        for _ in train(model, *seen):
            pass
        with torch.no_grad():
            m, v = model(x)
        inside = [coverage(m, v, y)] + [coverage(m[q], v[q], y[q]) for q in quarters]
        error = (m - torch.sin(2 * x)).square().mean().sqrt()
        rows.append([*inside, gaussian_nll(m, y, v), error])

fixed, learned = torch.tensor(list(results.values()))  # seed, measurement
quarters = [f"  x from {start} to {start + 1}" for start in range(4)]
print(" " * 17, *(f"{name:>17}" for name in results))
for column, name in enumerate(["in the 90% band", *quarters, "NLL (nats)", "error of the mean"]):
    numbers = [model[:, column] for model in (fixed, learned)]
    cells = [f"{n.mean():9.3f} ± {2.262 * n.std() / 10**0.5:.3f}" for n in numbers]  # 95% interval
    print(f"{name:17}", *cells)

assert abs(fixed[:, 0].mean() - 0.9) < 0.02  # right on average
assert (fixed[:, 1:5].mean(dim=0) - 0.9).abs().min() > 0.01  # and in no quarter
assert fixed[:, 1].mean() > 0.97
assert fixed[:, 4].mean() < 0.8
assert (learned[:, :5].mean(dim=0) - 0.9).abs().max() < 0.03
assert (learned[:, 5] < fixed[:, 5]).all()
assert learned[:, 6].mean() > 0.95 * fixed[:, 6].mean()  # the mean is no better
