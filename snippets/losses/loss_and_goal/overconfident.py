import matplotlib.pyplot as plt
import torch
from torch.nn import Linear, ReLU, Sequential
from torch.nn.functional import cross_entropy

from dlbasic.data.digits import load_digits, split
from dlbasic.losses.loss_and_goal import accuracy, fit_temperature, mean_over_seeds, train
from dlbasic.losses.loss_and_goal import expected_calibration_error as ece


def measure(logits, labels):
    right = accuracy(logits.argmax(dim=1), labels)
    return cross_entropy(logits, labels), right, ece(logits.softmax(dim=1), labels)


images, digits = load_digits()
runs = torch.zeros(20, 51, 4)  # seed × time × (training loss; test loss, accuracy and calibration)
ends = torch.zeros(20, 4, 3)  # seed × row of the table × (test loss, accuracy and calibration)
for seed, run in enumerate(runs):
    sets = split(images.flatten(1), digits, train=50, validation=400, seed=seed)
    (x, y), (x_val, y_val), (x_test, y_test) = sets
    torch.manual_seed(seed)
    model = Sequential(Linear(64, 128), ReLU(), Linear(128, 10))
    logits = []
    for step, loss in train(model, x, y, loss=cross_entropy, steps=150):
        if step % 3 == 0:
            logits.append((model(x_val).detach(), model(x_test).detach()))
            run[step // 3] = torch.tensor([loss, *measure(logits[-1][1], y_test)])
    lowest = min(logits, key=lambda pair: cross_entropy(pair[0], y_val))
    rows = [(test, test / fit_temperature(val, y_val)) for val, test in (lowest, logits[-1])]
    ends[seed] = torch.tensor([measure(row, y_test) for pair in rows for row in pair])
print("mean ± 95%, 20 seeds    test loss      accuracy       calibration error")
names = ["lowest validation loss", "  and a temperature", "last update", "  and a temperature"]
for name, rows in zip(names, ends.unbind(dim=1), strict=True):
    print(f"{name:22}", *(f"{mean_over_seeds(column):.3f}" for column in rows.T), sep="  ")
stopped, _, last, cooled = ends.unbind(dim=1)
worse, gain, overconfidence = (mean_over_seeds(column) for column in (last - stopped).T)
print(f"accuracy gained after the lowest validation loss  {gain:.3f}")
assert worse.mean - worse.half_width > 0.05  # the loss on new images rises
assert overconfidence.mean - overconfidence.half_width > 0.02  # as does the calibration error
assert gain.mean > 0  # but the accuracy does not fall
assert (cooled[:, [0, 2]] < last[:, [0, 2]]).all()
assert cooled[:, 0].mean() < stopped[:, 0].mean()
figure, panels = plt.subplots(2, 2, sharex=True, figsize=(7, 4.2), layout="constrained")
titles = ["training loss (nats)", "test loss (nats)", "test accuracy", "test calibration error"]
for panel, title, curves in zip(panels.flat, titles, runs.unbind(dim=2), strict=True):
    panel.plot(torch.arange(0, 151, 3), curves.mean(dim=0))
    panel.set(title=title, xlabel="update", ylim=(0, None))
panels[0, 0].set(yscale="log", ylim=(1e-4, 10))
plt.show()
