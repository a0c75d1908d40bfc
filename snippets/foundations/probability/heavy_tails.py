import matplotlib.pyplot as plt
import torch

from dlbasic.foundations.probability import gaussian_kl, gaussian_log_density, monte_carlo

zero, one, quarter = torch.tensor([0.0, 1.0, 0.25], dtype=torch.float64)
p, q = (zero, one), (zero, quarter)  # two Gaussians: mean and variance
sizes = [10, 100, 1000]
generator = torch.Generator().manual_seed(0)
noise, other = torch.randn(2, 2000 * sizes[-1], generator=generator, dtype=torch.float64)


def log_ratio(x):
    return gaussian_log_density(x, *p) - gaussian_log_density(x, *q)


variables = {  # draws, and their expectation or (of the Cauchy, which has none) their median
    "log p(x)/q(x), x from p": (log_ratio(noise), gaussian_kl(*p, *q)),
    "p(x)/q(x), x from q": (log_ratio(noise / 2).exp(), one),
    "Cauchy": (noise / other, zero),
}
figure, axes = plt.subplots(figsize=(7, 3.3), layout="constrained")
print("2,000 repeats             off by (median)         95% intervals that hold it")
print(f"{'':19} n = {sizes[0]:6} {sizes[1]:6} {sizes[2]:6}", *(f"{n:8}" for n in sizes))
off, held, width = torch.zeros(3, 3, 3)
for v, (name, (draws, centre)) in enumerate(variables.items()):
    for s, size in enumerate(sizes):
        means, _, low, high = monte_carlo(draws.view(2000, -1)[:, :size])
        off[v, s] = (means - centre).abs().median()
        width[v, s] = (high - low).median()
        held[v, s] = ((low <= centre) & (centre <= high)).double().mean()
    print(f"{name:23}", *(f"{x:6.3f}" for x in off[v]), *(f"{x:8.2f}" for x in held[v]))
    counts = torch.logspace(0, 5, 600).long().unique()
    axes.semilogx(counts, draws.cumsum(0)[counts - 1] / counts - centre, label=name)

assert abs(held[0, -1] - 0.95) < 0.03  # a finite variance: as promised
assert (held[1] < 0.85).all()  # an infinite one: the intervals are too short
assert off[0, -1] < off[0, 0] / 8
assert off[2, -1] > 0.8 * off[2, 0]  # no expectation: more draws are no help
assert width[2, -1] > 0.8 * width[2, 0]
axes.set(xlabel="draws so far", ylabel="average so far, minus the centre")
axes.legend()
plt.show()
