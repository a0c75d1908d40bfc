import matplotlib.pyplot as plt
import numpy as np
import torch
from skimage.feature import hog
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import SVC

from dlbasic.data.photographs import digits_on_textures
from dlbasic.history.alexnet import AlexNet, predict, top_error, train

SMALL = {"size": 24, "channels": 1, "first": (7, 2), "kernels": (16, 32, 48, 48, 32)}
STEPS = {300: 60, 1000: 120, 3000: 320}  # of the network, by the number of examples
images, digits = digits_on_textures()
middles = images[:, 0, 2:26, 2:26].numpy()
looks = {"pixels": np.ravel, "HOG": lambda image: hog(image, 9, (6, 6), (2, 2))}
kernels = {}
for name, look in looks.items():
    rows = np.stack([look(image) for image in middles])
    kernels[f"SVM on {name}"] = rbf_kernel(rows, gamma=1 / rows[0].size / rows.var())
names = ["small AlexNet", *kernels]
errors = {name: np.zeros((10, len(STEPS))) for name in names}
for seed in range(10):
    order = torch.randperm(5000, generator=torch.Generator().manual_seed(seed))
    test = order[4000:]
    for column, (number, steps) in enumerate(STEPS.items()):
        learn = order[:number]
        for name, kernel in kernels.items():
            machine = SVC(kernel="precomputed", C=5)
            machine.fit(kernel[np.ix_(learn, learn)], digits[learn])
            hit = machine.score(kernel[np.ix_(test, learn)], digits[test])
            errors[name][seed, column] = 1 - hit
        model = AlexNet(**SMALL, hidden=64, num_classes=10, rate=0.0, gain=2**0.5, seed=seed)
        list(train(model, images[learn], digits[learn], steps=steps, seed=seed))
        errors[names[0]][seed, column] = top_error(predict(model, images[test]), digits[test])

mean = {name: values.mean(0) for name, values in errors.items()}
half = {name: 2.26 * values.std(0, ddof=1) / 10**0.5 for name, values in errors.items()}
print("error on 1,000 new images, by examples" + "".join(f"{number:13}" for number in STEPS))
for name in names:
    pairs = zip(mean[name], half[name], strict=True)
    print(f"{name:40}" + "".join(f"{error:6.3f} ± {plus:.3f}" for error, plus in pairs))
    plt.errorbar(list(STEPS), mean[name], half[name], marker=".", capsize=3, label=name)
plt.gca().set(xlabel="examples to learn from", ylabel="error on new images", ylim=0)
plt.legend()
plt.show()
assert (mean["SVM on HOG"] < mean["small AlexNet"] - 0.01).all()
gained = {name: mean[name][0] - mean[name][-1] for name in names}
assert gained["small AlexNet"] > gained["SVM on HOG"] + 0.1
ends = ", ".join(f"{mean[name][-1]:.3f} ± {half[name][-1]:.3f} by {name}" for name in names)
print(f"measured: error {ends} after 3,000 examples (10 seeds)")
