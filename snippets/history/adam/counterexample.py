import matplotlib.pyplot as plt
import torch

from dlbasic.history.adam import Adam

C = 4.0  # the loss is C x at the steps 1, 4, 7, ... and -x at the others
SHORT = {"beta1": 0.0, "beta2": 1 / (1 + C**2), "bias_correction": False}
SETTINGS = {
    "Adam, β2 = 1/17": SHORT,
    "AMSGrad, β2 = 1/17": {**SHORT, "amsgrad": True},
    "Adam, β2 = 0.999": {"beta1": 0.0, "beta2": 0.999},
}


def play(setting):
    x = torch.zeros(1, requires_grad=True)
    optimizer = Adam([x], **setting)
    path = []
    for t in range(1, 4001):
        optimizer.learning_rate = 0.1 / t**0.5
        x.grad = torch.tensor([C if t % 3 == 1 else -1.0])
        optimizer.step()
        x.data.clamp_(-1, 1)
        path.append(x.item())
    return path


figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
print("                      x at the end   mean loss there")
for style, (name, setting) in zip(["-", "-", "--"], SETTINGS.items(), strict=True):
    path = play(setting)
    print(f"{name:20} {path[-1]:13.2f} {(C - 2) / 3 * path[-1]:17.2f}")
    assert (path[-1] > 0.9) if setting is SHORT else (path[-1] < -0.9)
    axes.plot(range(1, 4001), path, style, label=name)
axes.set(xlabel="step", ylabel="x (the best is -1)", xscale="log")
axes.legend()
plt.show()
