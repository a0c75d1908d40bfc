import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_iris

from dlbasic.losses.likelihood import gaussian_log_likelihood

petals = torch.tensor(load_iris().data[:20, 2:3])  # petal lengths of 20 real irises, in cm
grid = torch.linspace(1, 2, 201, dtype=torch.float64)


def curve(lengths, variance):
    every = [(torch.full_like(lengths, m), torch.full_like(lengths, variance)) for m in grid]
    return torch.stack([gaussian_log_likelihood(m, lengths, v) for m, v in every])


figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
alone = torch.stack([curve(petal[None, None], 0.03) for petal in petals.unique()], dim=1)
lines = axes.plot(grid, alone, color="grey", linewidth=0.7)
lines[0].set_label("one iris alone, variance 0.03 cm²")
for variance in [0.03, 0.06]:
    average = curve(petals, variance)
    axes.plot(grid, average, linewidth=2, label=f"average of 20, variance {variance} cm²")
    print(f"variance {variance}: most likely mean {grid[average.argmax()]:.3f} cm")
    assert (grid[average.argmax()] - petals.mean()).abs() < 0.005  # one step of the grid
print(f"average of the petals:       {petals.mean():.3f} cm")

axes.set(xlabel="mean of the Gaussian (cm)", ylabel="log-likelihood (nats)", ylim=(-6, 2))
axes.legend(loc="lower center")
plt.show()
