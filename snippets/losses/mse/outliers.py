import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

from dlbasic.losses.mse import huber, l1, mse

features, disease = load_diabetes(return_X_y=True, scaled=False)
bmi, order = torch.tensor(features[:40, 2:3]).sort(dim=0)  # body mass index of 40 real patients
progress = torch.tensor(disease[:40, None])[order[:, 0]]  # their disease, one year later
slipped = progress.clone()
slipped[0] *= 10  # one zero too many, for the lightest patient
inputs = torch.cat([torch.ones_like(bmi), (bmi - bmi.mean()) / bmi.std()], dim=1)


def best_line(loss, targets):
    line = torch.zeros(2, 1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([line], lr=1.0)
    for _ in range(1000):
        optimizer.zero_grad()
        loss(inputs @ line, targets).backward()
        optimizer.step()
    return line.detach()


losses = {"MSE": mse, "L1": l1, "Huber": lambda p, t: huber(p, t, delta=20.0)}
figure, axes = plt.subplots(figsize=(6.5, 3.5), layout="constrained")
axes.scatter(bmi, slipped, s=12, color="grey", label="patients, one mistyped")
for name, loss in losses.items():
    clean, pulled = best_line(loss, progress), best_line(loss, slipped)
    axes.plot(bmi, inputs @ pulled, label=name)
    print(f"{name:6} slope {clean[1].item():6.1f}, with the slip {pulled[1].item():6.1f}")
    assert (pulled[1] < clean[1] / 2) == (name == "MSE")  # only the squared line gives way
axes.set(xlabel="body mass index", ylabel="disease after a year")
axes.legend()
plt.show()
