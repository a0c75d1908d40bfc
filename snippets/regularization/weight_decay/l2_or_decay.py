import matplotlib.pyplot as plt
import torch

from dlbasic.regularization.weight_decay import SGD, AdamW

SCALES = [0.01, 0.1, 1.0, 10.0]
OPTIMIZERS = {
    "SGD, L2": lambda theta: SGD(theta, learning_rate=0.01, l2=0.5),
    "SGD, decay": lambda theta: SGD(theta, learning_rate=0.01, decay=0.5),
    "Adam, L2": lambda theta: AdamW(theta, learning_rate=0.01, l2=0.5),
    "Adam, decay (AdamW)": lambda theta: AdamW(theta, learning_rate=0.01, decay=0.5),
}
STARTS = torch.ones(200, len(SCALES), dtype=torch.float64)  # 200 weights with gradients of each
generator = torch.Generator().manual_seed(0)
noise = torch.randn(300, *STARTS.shape, dtype=torch.float64, generator=generator)
noise -= noise.mean(dim=1, keepdim=True)  # only decay moves the mean of the weights

left = {}
figure, panels = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True, layout="constrained")
print("gradients of size      ", *(f"{scale:7g}" for scale in SCALES))
for name, make in OPTIMIZERS.items():
    theta = STARTS.clone().requires_grad_()
    optimizer = make([theta])
    path = [theta.detach().mean(dim=0)]
    for gradients in noise * torch.tensor(SCALES):
        theta.grad = gradients
        optimizer.step()
        path.append(theta.detach().mean(dim=0))
    left[name] = path[-1]
    print(f"{name:23}", *(f"{part:7.0%}" for part in left[name]))
    if name.startswith("Adam"):
        panel = panels[int("decay" in name)]
        panel.plot(torch.stack(path), label=[f"{scale:g}" for scale in SCALES])
        panel.set(title=name, xlabel="step")
panels[0].set(ylabel="part of the weight left", ylim=(0, 1.05))
panels[0].legend(title="size of the gradients")
plt.show()

assert (left["SGD, L2"] - left["SGD, decay"]).abs().max() < 1e-12
assert (left["Adam, decay (AdamW)"] - (1 - 0.01 * 0.5) ** 300).abs().max() < 0.05
assert (left["Adam, L2"].diff() > 0).all()  # the larger the gradients, the less is taken off
assert left["Adam, L2"][-1] > 5 * left["Adam, L2"][0]
