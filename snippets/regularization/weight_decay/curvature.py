import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

from dlbasic.regularization.weight_decay import SGD, shrunken

data = load_diabetes()  # ten measurements of 442 patients, and how ill each was a year later
x = torch.tensor(data.data) * len(data.data) ** 0.5
y = torch.tensor(data.target - data.target.mean()) / data.target.std()
curvature = x.T @ x / len(x)
minimum = torch.linalg.lstsq(x, y[:, None]).solution[:, 0]
eigenvalues, directions = torch.linalg.eigh(curvature)

figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
print("part left along the direction of   least     median   largest curvature")
for k, strength in enumerate((0.02, 0.2, 2.0)):
    theta = torch.zeros(10, dtype=torch.float64, requires_grad=True)
    optimizer = SGD([theta], learning_rate=0.15, l2=strength)
    for _ in range(6000):
        theta.grad = x.T @ (x @ theta.detach() - y) / len(x)  # of half the mean squared error
        optimizer.step()
    theta = theta.detach()
    part = (directions.T @ theta) / (directions.T @ minimum)
    print(f"  L2 penalty of strength {strength:4} {part[0]:15.2f} {part[5]:10.2f} {part[-1]:9.2f}")
    assert (theta - shrunken(curvature, minimum, strength=strength)).abs().max() < 1e-8
    assert (part - eigenvalues / (eigenvalues + strength)).abs().max() < 1e-6

    a = torch.logspace(-2.3, 0.8, 100)
    axes.plot(a, a / (a + strength), color=f"C{k}", label=f"strength {strength}")
    axes.plot(eigenvalues, part, "o", color=f"C{k}")
axes.set(xscale="log", xlabel="curvature along the direction", ylabel="part left")
axes.legend()
plt.show()
