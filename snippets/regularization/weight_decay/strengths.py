from functools import partial

import matplotlib.pyplot as plt
import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import fit, load_problem, measure, predict
from dlbasic.regularization.weight_decay import AdamW

DECAYS = [0.0, 1.0, 3.0]
PROBLEMS = {
    "200 digits, 3 in 10 labels wrong": {"train": 200, "wrong": 0.3},
    "1,400 digits, all labels right": {"train": 1400, "wrong": 0.0},
}
figure, panels = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
runs = {}
for panel, (name, setting) in zip(panels, PROBLEMS.items(), strict=True):
    rows = runs[name] = torch.zeros(len(DECAYS), 10, 4)
    for seed in range(10):
        problem = load_problem(seed=seed, **setting)
        inputs, labels, truth = problem.test
        for k, decay in enumerate(DECAYS):
            optimizer = partial(AdamW, learning_rate=5e-3, decay=decay)
            network = fit(problem.train, seed=seed, optimizer=optimizer)
            length = torch.cat([w.detach().flatten() for w in network.parameters()]).norm()
            seen = measure(predict(network, problem.train.inputs), problem.train.targets)
            logits = predict(network, inputs)
            new, digits = measure(logits, labels).loss, measure(logits, truth).accuracy
            rows[k, seed] = torch.tensor([length, seen.loss, new, digits])
    print(f"{name:33} weights     training loss  test loss      digits right")
    for decay, row in zip(DECAYS, rows, strict=True):
        length, *rest = (mean_over_seeds(column) for column in row.T)
        print(f"  decay {decay:3} {f'{length:.1f}':>32}", *(f"{m:.3f}" for m in rest), sep="  ")
    panel.plot(DECAYS, rows[..., 1].mean(dim=1), marker=".", label="training loss")
    panel.plot(DECAYS, rows[..., 2].mean(dim=1), marker=".", label="test loss")
    panel.set(title=name, xlabel="decay", ylim=(0, None))
panels[0].set(ylabel="loss (nats)")
panels[0].legend()
plt.show()

noisy, plenty = runs.values()
for rows in runs.values():
    assert (rows.diff(dim=0)[..., 0] < 0).all()  # shorter weights
    assert (rows.diff(dim=0)[..., 1] > 0).all()  # learning is harder
assert (noisy.diff(dim=0)[..., 2] < 0).sum(dim=1).min() >= 9  # a lower test loss
assert (noisy[2, :, 3] > noisy[0, :, 3]).sum() >= 9  # more digits right
assert (plenty.diff(dim=0)[..., 2] > 0).sum(dim=1).min() >= 9  # with plenty of data: the reverse
