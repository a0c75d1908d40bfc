import matplotlib.pyplot as plt
import torch
from torch.nn.functional import cross_entropy

from dlbasic.losses.loss_and_goal import accuracy, mean_over_seeds
from dlbasic.regularization.bench import Network, load_problem, measure, predict, train
from dlbasic.regularization.early_stopping import EarlyStopping

SEEDS, PATIENCE = range(10), (0, 2, 8)
curves = torch.zeros(len(SEEDS), 40, 3)  # loss of the training, validation and test set
rows = torch.zeros(len(SEEDS), 4, 4)  # (last update; each patience) × measures
stops = torch.full((len(SEEDS), 4), 200.0)
for run, seed in enumerate(SEEDS):
    problem, network = load_problem(seed=seed), Network(seed=seed)
    watchers = [EarlyStopping(network, patience=k) for k in PATIENCE]
    for step, _ in train(network, problem.train, seed=seed):
        if step % 5 == 0:
            losses = [cross_entropy(predict(network, x), y).item() for x, y, _ in problem]
            curves[run, step // 5 - 1] = torch.tensor(losses)
            for row, watcher in enumerate(watchers, start=1):  # each would end the training
                if stops[run, row] == 200 and watcher.should_stop(losses[1]):
                    stops[run, row] = step
    for row in range(4):
        if row > 0:
            watchers[row - 1].restore()
        on_train, on_test = (predict(network, some.inputs) for some in (problem[0], problem[2]))
        test = measure(on_test, problem.test.targets)
        digits = accuracy(on_test.argmax(dim=1), problem.test.truth.argmax(dim=1))
        loss = cross_entropy(on_train, problem.train.targets)
        rows[run, row] = torch.tensor([loss, test.loss, test.calibration, digits])

print("mean ± 95%, 10 seeds  stops at   training loss  test loss    calibration  digits right")
for row, name in enumerate(["no stopping", *(f"patience {k}" for k in PATIENCE)]):
    numbers = "  ".join(f"{mean_over_seeds(column):.2f}" for column in rows[:, row].T)
    print(f"{name:18} {stops[:, row].mean():9.0f}     {numbers}")
gain = rows[:, 3] - rows[:, 0]
print(f"digits right, patience 8 less no stopping: {mean_over_seeds(gain[:, 3]):.3f},", end=" ")
print(f"higher in {(gain[:, 3] > 0).sum()} of 10")
assert (gain[:, 0] > 0.5).sum() >= 9  # the training set is learned less well
assert (gain[:, 1] < -0.5).sum() >= 9  # and new digits are better predicted
assert (gain[:, 2] < -0.1).sum() >= 9
figure, panel = plt.subplots(figsize=(6, 3.4), layout="constrained")
for name, curve in zip(("training", "validation", "test"), curves.mean(0).T, strict=True):
    panel.plot(range(5, 201, 5), curve, label=name)
panel.axvline(stops[:, 3].mean(), color="grey", linestyle="dotted")
panel.set(xlabel="update", ylabel="loss (nats)", ylim=(0, None))
panel.legend()
plt.show()
