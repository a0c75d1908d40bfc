import matplotlib.pyplot as plt
import numpy as np
import torch
from skimage.feature import hog
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import SVC

from dlbasic.data.photographs import digits_on_textures
from dlbasic.history.alexnet import AlexNet, predict, top_error, train

SMALL = {"size": 24, "channels": 1, "first": (7, 2), "kernels": (16, 32, 48, 48, 32)}
STEPS = {400: 120, 1600: 200, 4000: 400}  # steps of the network, by the number of examples
images, digits = digits_on_textures()
middles = images[:, 0, 2:26, 2:26].numpy()
inputs = {
    "SVM on pixels": middles.reshape(5000, -1),
    "SVM on HOG": np.stack([hog(m, pixels_per_cell=(6, 6), cells_per_block=(2, 2)) for m in middles]),
}
kernels = {name: rbf_kernel(rows, gamma=1 / rows[0].size / rows.var()) for name, rows in inputs.items()}
errors = {(name, n): [] for name in [*kernels, "AlexNet, small"] for n in STEPS}
for seed in range(10):
    order = torch.randperm(5000, generator=torch.Generator().manual_seed(seed))
    test = order[4000:]
    for n, steps in STEPS.items():
        for name, kernel in kernels.items():
            machine = SVC(kernel="precomputed", C=5).fit(kernel[order[:n]][:, order[:n]], digits[order[:n]])
            errors[name, n].append(1 - machine.score(kernel[test][:, order[:n]], digits[test]))
        model = AlexNet(**SMALL, hidden=64, num_classes=10, rate=0.0, gain=2**0.5, seed=seed)
        list(train(model, images[order[:n]], digits[order[:n]], steps=steps, seed=seed))
        errors["AlexNet, small", n].append(top_error(predict(model, images[test]), digits[test]))

print("error on 1,000 new images after " + "".join(f"{n:>10} examples" for n in STEPS))
figure, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
mean = {key: np.mean(values) for key, values in errors.items()}
interval = {key: 2.26 * np.std(values, ddof=1) / 10**0.5 for key, values in errors.items()}
for name in [*kernels, "AlexNet, small"]:
    rows = [(mean[name, n], interval[name, n]) for n in STEPS]
    print(f"{name:32}" + "".join(f"      {error:.3f} ± {half:.3f}" for error, half in rows))
    axes.errorbar(STEPS, *zip(*rows, strict=True), marker="o", capsize=3, label=name)
axes.set(xlabel="examples to learn from", ylabel="error on new images", xscale="log", ylim=0)
axes.set_xticks(list(STEPS), [str(n) for n in STEPS], minor=False)
axes.minorticks_off()
axes.legend()
plt.show()
rest = [f"{mean[n, 4000]:.3f} ± {interval[n, 4000]:.3f} {n}" for n in ["AlexNet, small", *kernels]]
print("measured: error " + ", ".join(rest) + ", 4,000 examples (10 seeds)")
