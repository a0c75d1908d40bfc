import matplotlib.pyplot as plt
import torch
from torch.nn import Linear, ReLU, Sequential, functional

from dlbasic.data.digits import load_digits, split
from dlbasic.losses.loss_and_goal import accuracy, flip_labels, mean_over_seeds, train

images, digits = load_digits()
runs = torch.zeros(10, 121, 3)  # seed × step × (training loss, validation, test accuracy)
for seed, run in enumerate(runs):
    generator = torch.Generator().manual_seed(seed)
    noisy = flip_labels(digits, rate=0.3, num_classes=10, generator=generator)
    labels = torch.stack([noisy, digits], dim=1)
    sets = split(images.flatten(1), labels, train=300, validation=300, seed=seed)
    (x, y), (x_val, y_val), (x_test, y_test) = sets
    torch.manual_seed(seed)
    model = Sequential(Linear(64, 256), ReLU(), Linear(256, 10))
    for step, loss in train(model, x, y[:, 0], loss=functional.cross_entropy, steps=120):
        with torch.no_grad():
            val = accuracy(model(x_val).argmax(dim=1), y_val[:, 0])  # noisy, as in training
            test = accuracy(model(x_test).argmax(dim=1), y_test[:, 1])  # what the images show
        run[step] = torch.tensor([loss, val, test])

best = runs[torch.arange(10), runs[:, :, 1].argmax(dim=1)]  # chosen by the validation set
last = runs[:, -1]
print("mean ± 95%, 10 seeds   training loss   test accuracy")
for name, rows in {"last step": last, "best on validation": best}.items():
    print(f"{name:22} {mean_over_seeds(rows[:, 0]):.2f}     {mean_over_seeds(rows[:, 2]):.2f}")
assert (last[:, 0] < best[:, 0] / 4).all()
assert (last[:, 2] < best[:, 2] - 0.05).all()

figure, (top, bottom) = plt.subplots(2, 1, sharex=True, figsize=(7, 4.5), layout="constrained")
top.plot(runs[:, :, 0].T, color="C0", alpha=0.4)
bottom.plot(runs[:, :, 2].T, color="C1", alpha=0.4)
top.set(ylabel="training loss (nats)")
bottom.set(ylabel="test accuracy", xlabel="update")
plt.show()
