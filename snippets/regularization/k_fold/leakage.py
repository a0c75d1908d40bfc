import torch

from dlbasic.data.digits import load_digits
from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.k_fold import cross_validate, k_fold


def nearest(inputs, labels, new_inputs, new_labels):  # accuracy of the nearest one's label
    said = labels[torch.cdist(new_inputs, inputs).argmin(dim=1)]
    return (said == new_labels).float().mean().item()


def select(inputs, labels):  # twenty features whose means differ most between the classes
    return (inputs[labels == 1].mean(0) - inputs[labels == 0].mean(0)).abs().topk(20).indices


def selecting(inputs, labels, new_inputs, new_labels):
    kept = select(inputs, labels)
    return nearest(inputs[:, kept], labels, new_inputs[:, kept], new_labels)


def scaling(inputs, labels, new_inputs, new_labels):
    first, second = ((x - inputs.mean(0)) / (inputs.std(0) + 0.1) for x in (inputs, new_inputs))
    return nearest(first, labels, second, new_labels)


images, digits = load_digits()
parts = k_fold(torch.arange(100), folds=5)
twice = k_fold(torch.randperm(200, generator=torch.Generator().manual_seed(0)), folds=5)
results = {"selecting": [], "scaling": [], "adding copies": []}
for seed in range(20):
    generator = torch.Generator().manual_seed(seed)
    noise, coins = torch.randn(100, 3000, generator=generator), torch.arange(100) % 2
    some = torch.randperm(len(images), generator=generator)[:100]
    x, y = images[some].flatten(1), digits[some]
    copies = torch.cat([x, x + 0.05 * torch.randn(x.shape, generator=generator)])
    ways = [
        ((nearest, noise[:, select(noise, coins)], coins, parts), (selecting, noise, coins, parts)),
        ((nearest, (x - x.mean(0)) / (x.std(0) + 0.1), y, parts), (scaling, x, y, parts)),
        ((nearest, copies, y.repeat(2), twice), (nearest, x, y, parts)),
    ]
    for row, pair in zip(results.values(), ways, strict=True):
        row.append([cross_validate(*way).mean() for way in pair])
print("accuracy, 20 seeds   before the split   inside each fold   too high by")
leak = []
for name, (before, inside) in {k: torch.tensor(v).T for k, v in results.items()}.items():
    columns = before, inside, before - inside
    print(f"{name:15}", *(f"{mean_over_seeds(column):.3f}" for column in columns), sep="     ")
    leak.append((before - inside).mean())
assert min(leak[0] - 0.2, 0.02 - abs(leak[1]), leak[2] - 0.05) > 0  # large, nothing, much
