import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

from dlbasic.regularization.early_stopping import equal_decay, kept_by_decay, kept_by_stopping

features, disease = load_diabetes(return_X_y=True)  # 442 real patients, 10 features
x = torch.tensor(features / features.std(axis=0))
y = torch.tensor(disease - disease.mean()) / disease.std()
curvatures, directions = torch.linalg.eigh(x.T @ x / len(x))  # of half the mean squared error
minimum = torch.linalg.lstsq(x, y[:, None]).solution[:, 0]
setting = {"learning_rate": 0.1, "steps": 100}

weights = torch.zeros(10, dtype=torch.float64)
for _ in range(100):
    weights = weights - 0.1 * x.T @ (x @ weights - y) / len(x)
stopped = kept_by_stopping(curvatures, **setting)
assert (weights - directions @ (stopped * (directions.T @ minimum))).abs().max() < 1e-12
ridge = torch.linalg.solve(x.T @ x / len(x) + 0.1 * torch.eye(10).double(), x.T @ y / len(x))
decayed = kept_by_decay(curvatures, decay=0.1)  # 0.1 = 1 / (learning rate × steps)
assert (ridge - directions @ (decayed * (directions.T @ minimum))).abs().max() < 1e-12

each = equal_decay(curvatures, **setting)
print("curvature   kept by stopping   by decay 0.1   decay that keeps as much as stopping")
for row in zip(curvatures, stopped, decayed, each, strict=True):
    print("{:9.3f} {:18.3f} {:14.3f} {:21.2g}".format(*row))
assert (each / each[0])[-1] < 1e-6  # no single decay does it
assert (kept_by_decay(curvatures[:1], decay=each[0].item()) - stopped[0]).abs().max() < 1e-12
gap = stopped - decayed
assert gap.min() > 0
assert gap.max() < 0.21

axis = torch.logspace(-3, 1, 200, dtype=torch.float64)
figure, panel = plt.subplots(figsize=(6, 3.2), layout="constrained")
panel.plot(axis, kept_by_stopping(axis, **setting), label="stopping after 100 steps")
panel.plot(axis, kept_by_decay(axis, decay=0.1), label="decay 0.1")
panel.plot(curvatures, torch.zeros(10), "|", color="grey", label="the data's curvatures")
panel.set(xscale="log", xlabel="curvature", ylabel="kept of the way")
panel.legend()
plt.show()
