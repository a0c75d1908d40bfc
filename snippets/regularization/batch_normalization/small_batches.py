from itertools import pairwise

import torch
from torch.nn import Conv1d, ReLU, Sequential
from torch.nn.functional import cross_entropy

from dlbasic.data.digits import load_digits, split
from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.batch_normalization import BatchNorm

SEEDS, STEPS, WIDTH = 10, 150, 64
SIZES = [2, 4, 8, 32]
images, digits = load_digits()
(x, y), _, (x_test, y_test) = split(images.flatten(1), digits, train=1000, validation=97)


def networks(normalized):  # with groups, a convolution is one linear map for each seed
    layers, sizes = [], [64, WIDTH, WIDTH, 10]
    for width, out in pairwise(sizes):
        layers.append(Conv1d(SEEDS * width, SEEDS * out, 1, groups=SEEDS))
        if out != 10:
            layers += [BatchNorm(SEEDS * out), ReLU()] if normalized else [ReLU()]
    return Sequential(*layers)


accuracy = torch.zeros(2, len(SIZES), SEEDS)
for row, normalized in enumerate([False, True]):
    for column, size in enumerate(SIZES):
        torch.manual_seed(0)
        model = networks(normalized)
        optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, fused=True)
        for _ in range(STEPS):
            batch = torch.randint(len(x), (size, SEEDS))
            logits = model(x[batch].view(size, -1, 1)).view(size, SEEDS, 10)
            loss = cross_entropy(logits.flatten(0, 1), y[batch].flatten(), reduction="sum")
            optimizer.zero_grad()
            (loss / size).backward()
            optimizer.step()
        with torch.no_grad():
            logits = model.eval()(x_test.repeat(1, SEEDS)[:, :, None]).view(-1, SEEDS, 10)
        accuracy[row, column] = (logits.argmax(dim=2) == y_test[:, None]).float().mean(dim=0)

print("test accuracy, 10 seeds")
print("batch   without         with            difference")
for size, plain, normal in zip(SIZES, *accuracy, strict=True):
    means = (mean_over_seeds(values) for values in (plain, normal, normal - plain))
    print(f"{size:5}", *(f"{mean:.2f}" for mean in means), sep="   ")
plain, normal = accuracy
assert ((normal < plain - 0.03).sum(dim=1) >= 9).tolist() == [True, False, False, False]
assert ((normal > plain).sum(dim=1) >= 9)[-1]
