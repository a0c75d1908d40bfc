import matplotlib.pyplot as plt
import torch
from sklearn.datasets import make_moons
from torch.nn import Linear, ReLU, Sequential

from dlbasic.losses.loss_and_goal import flip_labels, mean_over_seeds
from dlbasic.regularization.bench import Examples, train
from dlbasic.regularization.mixup import mixup


def moons(count, *, seed, wrong):
    points, classes = make_moons(count, noise=0.15, random_state=seed)
    y, generator = torch.tensor(classes), torch.Generator().manual_seed(seed)
    given = flip_labels(y, rate=wrong, num_classes=2, generator=generator)
    return Examples(torch.tensor(points).float(), torch.eye(2)[given], torch.eye(2)[y])


def mixed(inputs, targets, generator):
    return mixup(inputs, targets, alpha=1.0, generator=generator)


side = torch.linspace(-1.5, 2.5, 120), torch.linspace(-1.1, 1.6, 90)
figure, panels = plt.subplots(1, 2, figsize=(8, 3.3), sharey=True, layout="constrained")
rows = torch.zeros(2, 10, 3)
for seed in range(10):
    examples, new = moons(100, seed=seed, wrong=0.15), moons(1000, seed=1000 + seed, wrong=0.0)
    for k, (name, mix) in enumerate({"without": None, "with": mixed}.items()):
        torch.manual_seed(seed)
        network = Sequential(Linear(2, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 2))
        list(train(network, examples, seed=seed, steps=300, mix=mix))
        x = new.inputs.clone().requires_grad_()
        p = network(x).softmax(dim=1)
        (slopes,) = torch.autograd.grad(p[:, 1].sum(), x)
        right = (p.argmax(dim=1) == new.truth.argmax(dim=1)).float().mean()
        rows[k, seed] = torch.stack([right, p.amax(dim=1).mean(), slopes.norm(dim=1).mean()])
        if seed == 0:
            with torch.no_grad():
                chances = network(torch.cartesian_prod(*side)).softmax(dim=1)[:, 1].view(120, 90).T
            levels, widths = [0.05, 0.25, 0.5, 0.75, 0.95], [1, 1, 2.5, 1, 1]
            panels[k].contour(*side, chances, levels, colors="C2", linewidths=widths)
            for kind in examples.targets.bool().T:
                panels[k].plot(*examples.inputs[kind].T, ".")
            panels[k].set(title=f"{name} mixup", xticks=[], yticks=[])
plt.show()

print("10 seeds   new points right   mean confidence   slope of the probability")
for name, row in zip(("without", "with"), rows, strict=True):
    print(f"{name:10}", *(f"{mean_over_seeds(column):.2f}" for column in row.T), sep="    ")
assert ((rows[1] < rows[0]).sum(dim=0) >= 9)[1:].all()  # less sure, and more gradual
