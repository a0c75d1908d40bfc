import torch
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB
from torch import Tensor

from dlbasic.data.digits import load_digits, split


def gain(first: Tensor, second: Tensor) -> tuple[float, float]:
    difference = second.double() - first.double()
    return difference.mean().item(), difference.std().item() / len(difference) ** 0.5


images, digits = load_digits()
sets = split(images.flatten(1) > 0.5, digits, train=1000, validation=1)
inputs, targets = sets.test
models = [BernoulliNB(), LogisticRegression(max_iter=1000)]
right = [targets == torch.from_numpy(model.fit(*sets.train).predict(inputs)) for model in models]

difference, error = gain(*right)
apart = sum(model.double().var().item() / len(model) for model in right) ** 0.5
for name, model in zip(["naive Bayes", "logistic regression"], right, strict=True):
    print(f"{name:20} right on {model.double().mean():.3f} of {len(targets)} digits")
print(f"gain                      {difference:.3f} ± {1.96 * error:.3f}")
print(f"if on digits of their own       ± {1.96 * apart:.3f}")
assert difference > 1.96 * error
assert error < 0.9 * apart
