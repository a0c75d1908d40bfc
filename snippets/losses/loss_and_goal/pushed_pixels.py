import matplotlib.pyplot as plt
import torch
from torch.nn import Linear, ReLU, Sequential
from torch.nn.functional import cross_entropy

from dlbasic.data.digits import load_digits, split
from dlbasic.losses.loss_and_goal import mean_over_seeds, train


def classifier(inputs, labels):
    model = Sequential(Linear(64, 64), ReLU(), Linear(64, 10)).double()
    list(train(model, inputs, labels, loss=cross_entropy, steps=100))
    return model


images, digits = load_digits()
runs = torch.zeros(10, 151, 4)  # seed × step × (loss, distance in validation, in test, said 3)
for seed, run in enumerate(runs):
    sets = split(images.flatten(1).double(), digits, train=600, validation=600, seed=seed)
    (x, y), (x_val, y_val), (x_test, y_test) = sets
    torch.manual_seed(seed)
    model, second = classifier(x, y), classifier(x_val, y_val)
    threes = x_val[y_val == 3], x_test[y_test == 3]
    film = [x_test[y_test != 3][:100]]
    for step in range(151):
        pixels = film[-1].requires_grad_()
        loss = cross_entropy(model(pixels), torch.full([100], 3))
        (slope,) = torch.autograd.grad(loss, pixels)
        pixels = pixels.detach()
        nearest = [torch.cdist(pixels, real).amin(dim=1).mean() for real in threes]
        said = (second(pixels).argmax(dim=1) == 3).double().mean()
        run[step] = torch.tensor([loss.item(), *nearest, said])
        film.append((pixels - 0.2 * slope / slope.norm(dim=1, keepdim=True)).clamp(0, 1))
stop = runs[:, :, 1].argmin(dim=1)  # nearest to the real threes of the validation set
start, stopped, end = runs[:, 0], runs[torch.arange(10), stop], runs[:, -1]
print("mean ± 95%, 10 seeds   distance      called 3 by a second network")
for name, rows in {"start": start, "stopped": stopped, "end": end}.items():
    print(f"{name:20}", *(f"{mean_over_seeds(v):.2f}" for v in rows[:, 2:].T), sep="   ")
assert (end[:, 0] < stopped[:, 0]).all()  # the loss has fallen on
assert (end[:, 2] > stopped[:, 2] + 0.2).all()  # the images have left the threes again
assert end[:, 2].mean() > start[:, 2].mean() + 0.3  # farther than the other digits were
assert end[:, 3].mean() > 0.7  # and the second network does not see it
figure, grid = plt.subplots(3, 8, figsize=(6, 2.6), layout="constrained")
frames = {"start": film[0], "stopped": film[stop[-1]], "end": film[150]}
for row, (name, frame) in zip(grid, frames.items(), strict=True):
    row[0].set_ylabel(name)
    for panel, image in zip(row, frame.detach().view(-1, 8, 8).numpy(), strict=False):
        panel.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        panel.set(xticks=[], yticks=[])
plt.show()
