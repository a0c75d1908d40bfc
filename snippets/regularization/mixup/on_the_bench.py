from functools import partial

import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import fit, load_problem, predict
from dlbasic.regularization.mixup import mixup

ALPHAS = [None, 0.2, 1.0, 8.0]
rows = torch.zeros(len(ALPHAS), 10, 4)
for seed in range(10):
    problem = load_problem(seed=seed)
    for k, alpha in enumerate(ALPHAS):
        mix = partial(mixup, alpha=alpha) if alpha else None
        wrapped = mix and (lambda x, y, generator, mix=mix: mix(x, y, generator=generator))
        network = fit(problem.train, seed=seed, mix=wrapped)
        labels = problem.test.targets.argmax(dim=1)
        p = predict(network, problem.test.inputs).softmax(dim=1)
        right = (p.argmax(dim=1) == labels).float().mean()
        known = predict(network, problem.train.inputs)
        losses = [
            torch.nn.functional.cross_entropy(known, problem.train.targets),
            -p.gather(1, labels[:, None]).log().mean(),
        ]
        rows[k, seed] = torch.stack([*losses, right, p.amax(dim=1).mean() - right])

print("10 seeds       training loss    test loss        new labels     confidence less accuracy")
for alpha, row in zip(ALPHAS, rows, strict=True):
    name = f"alpha {alpha}" if alpha else "no mixup"
    print(f"{name:12}", *(f"{mean_over_seeds(column):.2f}" for column in row.T), sep="   ")
plain, mixed = rows[0], rows[2]
assert (mixed[:, 0] > plain[:, 0]).sum() >= 9  # harder to learn
assert (mixed[:, 1] < plain[:, 1]).sum() >= 9  # and better on new examples
assert (mixed[:, 3].abs() < plain[:, 3].abs()).sum() >= 9  # nor as sure of what is wrong
