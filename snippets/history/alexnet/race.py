import matplotlib.pyplot as plt
import numpy as np
import torch
from skimage.feature import hog
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import SVC

from dlbasic.data.photographs import digits_on_textures
from dlbasic.history.alexnet import AlexNet, predict, top_error, train

SMALL = {"size": 24, "channels": 1, "first": (7, 2), "kernels": (16, 32, 96, 96, 64)}
images, digits = digits_on_textures()
views = [images[:, 0, y : y + 24, x : x + 24].numpy() for y, x in [(2, 2), (0, 0), (4, 4)]]
shapes = [np.stack([hog(image, 9, (6, 6), (2, 2)) for image in view]) for view in views]
looks = {"SVM on pixels": [views[0].reshape(5000, -1)], "SVM on HOG": shapes[:1]}
looks |= {"SVM on HOG, 3 views": shapes}


def svm(look, learn, test):
    rows = np.concatenate([view[learn] for view in look])  # the same images, moved
    gamma = 1 / rows[0].size / rows.var()
    machine = SVC(kernel="precomputed", C=5)
    machine.fit(rbf_kernel(rows, gamma=gamma), digits[learn].repeat(len(look)))
    return 1 - machine.score(rbf_kernel(look[0][test], rows, gamma=gamma), digits[test])


def errors(number, seed):
    order = torch.randperm(5000, generator=torch.Generator().manual_seed(seed))
    learn, test = order[:number], order[4000:]
    model = AlexNet(**SMALL, hidden=128, num_classes=10, rate=0.0, gain=2**0.5, seed=seed)
    list(train(model, images[learn], digits[learn], steps=500, crops=True, seed=seed))
    network = top_error(predict(model, images[test]), digits[test])
    rivals = list(looks.values())[: 3 if number == 300 else 2]  # many views take long to fit
    return [network, *(svm(look, learn, test) for look in rivals)]


few, many = (torch.tensor([errors(n, k) for k in range(m)]) for n, m in ((300, 10), (3000, 3)))
print("error on 1,000 new images    300 examples, 10 seeds    3,000 examples, 3 seeds")
told = {}
for k, name in enumerate(["small AlexNet", *looks]):
    told[name] = f"{few[:, k].mean():.3f} ± {2.26 * few[:, k].std() / 10**0.5:.3f}"
    means = [row.mean() for row in (few[:, k], *many[:, k : k + 1].T)]
    print(f"{name:28} {told[name]:26}", *(f"{error:.3f}" for error in many[:, k : k + 1].flatten()))
    plt.plot(["300", "3,000"][: len(means)], means, marker="o", label=name)
plt.gca().set(xlabel="examples to learn from", ylabel="error on new images", ylim=0)
plt.legend()
plt.show()
assert (few[:, 1:].amin(1) - few[:, 0]).mean() > 0.03  # even against the better SVM of each seed
ends = ", ".join(f"{told[name]} by {name}" for name in told if "pixels" not in name)
print(f"measured: error {ends} after 300 examples (10 seeds)")
