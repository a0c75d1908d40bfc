import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_iris

from dlbasic.foundations.probability import entropy, gaussian_log_density, kl_divergence
from dlbasic.losses.cross_entropy import cross_entropy_from_probabilities, softmax

petals = torch.tensor(load_iris().data[:, 2]).split([50, 100])  # in cm: short ones, long ones
grid = torch.linspace(-4, 12, 801, dtype=torch.float64)  # a class for each 0.02 cm
short, long = (softmax(gaussian_log_density(grid, x.mean(), x.var())[None]) for x in petals)
p = (short + 2 * long) / 3


def fit(divergence, start):
    settings = torch.tensor([start, -1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([settings], lr=0.1)
    for _ in range(200):
        mean, deviation = settings[0], settings[1].exp()
        q = softmax(gaussian_log_density(grid, mean, deviation**2)[None])
        optimizer.zero_grad()
        divergence(q).sum().backward()
        optimizer.step()
    return q.detach(), mean.item(), deviation.item(), divergence(q).item()


fits = {
    "KL(p‖q), from 4 cm": fit(lambda q: kl_divergence(p, q), 4.0),
    "KL(q‖p), from 4 cm": fit(lambda q: kl_divergence(q, p), 4.0),
    "KL(q‖p), from 2 cm": fit(lambda q: kl_divergence(q, p), 2.0),
}
figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
axes.fill_between(grid, p[0] / 0.02, color="grey", alpha=0.4, label="p, the petals")
print("minimised             mean  deviation  divergence reached")
for name, (q, mean, deviation, reached) in fits.items():
    print(f"{name:18} {mean:7.2f} {deviation:10.2f} {reached:19.2f}")
    axes.plot(grid, q[0] / 0.02, label=name)
axes.set(xlabel="petal length (cm)", ylabel="density (1 / cm)", xlim=(-1, 9), ylim=(0, 2.5))
axes.legend()
plt.show()

q = fits["KL(p‖q), from 4 cm"][0]
parts, whole = entropy(p) + kl_divergence(p, q), cross_entropy_from_probabilities(q, p)
print(f"entropy + KL(p‖q) {parts.item():.3f} nats, cross-entropy {whole:.3f} nats")
torch.testing.assert_close(parts.mean(), whole)
expected = (p * grid).sum(), petals[1].mean(), petals[0].mean()  # all petals, the long, the short
for (_, mean, *_), centre in zip(fits.values(), expected, strict=True):
    assert abs(mean - centre) < 0.05
