import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits

from dlbasic.foundations.probability import gaussian_log_density, sample_categorical

ink = torch.tensor(load_digits().images)[:, 3, 3].long()  # one pixel of 1,797 real digits
levels = torch.arange(17)
p = ink.bincount() / len(ink)
mean = (p * levels).sum()

generator = torch.Generator().manual_seed(0)
x = sample_categorical(p, 100_000, generator=generator).double()
noise, other = torch.randn(2, 100_000, generator=generator, dtype=torch.float64)
variables = {  # draws, expectation, variance
    "ink of a pixel": (x, mean, (p * (levels - mean).square()).sum()),
    "0.2 ε + 3": (0.2 * noise + 3, 3, 0.2**2),
    "ε + 2 ε'": (noise + 2 * other, 0, 1 + 2**2),
    "ε + 2 ε": (noise + 2 * noise, 0, 3**2),
}
figure, (bars, curves) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
print("100,000 draws   average  expected   variance  expected")
for name, (draws, expectation, variance) in variables.items():
    print(f"{name:14} {draws.mean():z8.2f} {expectation:9.2f} {draws.var():10.2f} {variance:9.2f}")
    assert abs(draws.mean() - expectation) < 0.02 * variance**0.5
    assert abs(draws.var() / variance - 1) < 0.02
    if "ε" in name:
        grid = torch.linspace(-8, 8, 801, dtype=torch.float64)
        rule = torch.tensor([expectation, variance], dtype=torch.float64)
        curves.plot(grid, gaussian_log_density(grid, *rule).exp(), label=name)
        curves.hist(draws, bins=100, density=True, histtype="stepfilled", color="grey", alpha=0.3)
bars.bar(levels, p, color="grey", alpha=0.4, label="probability")
bars.plot(levels, x.long().bincount() / len(x), "o", label="share of the draws")
bars.set(xlabel="ink level of the pixel (0 to 16)", ylabel="probability")
curves.set(xlabel="value", ylabel="density (1 / unit of the value)", xlim=(-8, 8))
bars.legend(loc="upper center")
curves.legend()
plt.show()
