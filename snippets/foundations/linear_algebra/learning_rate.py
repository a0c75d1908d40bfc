from itertools import islice, takewhile

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_diabetes

from dlbasic.foundations.linear_algebra import curvature, gradient_descent, largest_stable_rate

patients, disease = map(torch.tensor, load_diabetes(return_X_y=True, scaled=False))
centred = patients - patients.mean(dim=0)  # with zero means, the model needs no bias
targets = disease - disease.mean()
data = {"as measured": centred, "standardised": centred / centred.std(dim=0)}

figure, (paths, losses) = plt.subplots(1, 2, figsize=(8, 3.6), layout="constrained")
needed = {}
print("features      condition number   limit   steps at 0.9 × limit   loss at 1.01 × limit")
for name, features in data.items():
    hessian = curvature(features)
    limit = largest_stable_rate(hessian)
    best = torch.linalg.lstsq(features, targets[:, None]).solution[:, 0]
    lowest = (features @ best - targets).square().mean().item()

    below = gradient_descent(features, targets, learning_rate=0.9 * limit)
    excess = list(takewhile(lambda e: e > 0.01, (step.loss / lowest - 1 for step in below)))
    losses.loglog(range(1, len(excess) + 1), excess, label=name)
    above = gradient_descent(features, targets, learning_rate=1.01 * limit)
    exploded = next(islice(above, 200, None)).loss / lowest
    needed[name] = len(excess)
    condition = torch.linalg.cond(hessian)
    print(
        f"{name:12} {condition:17,.0f} {limit:7.1g} {needed[name]:22,} {exploded:12,.0f} × lowest"
    )
    assert exploded > 100
assert needed["as measured"] > 100 * needed["standardised"]

directions = torch.linalg.eigh(hessian).eigenvectors  # by rising curvature
for factor, style in {0.9: "-", 1.01: "--"}.items():
    descent = gradient_descent(features, targets, learning_rate=factor * limit)
    steps = torch.stack([step.weights for step in islice(descent, 50)])
    flattest, *_, steepest = ((steps - best) @ directions).T
    paths.plot(flattest, steepest, style, lw=1, marker=".", label=f"{factor} × limit")
paths.set(title="standardised, 50 steps", xlabel="flattest direction", ylabel="steepest direction")
losses.set(title="at 0.9 × limit", xlabel="step", ylabel="loss / lowest loss - 1")
paths.legend(loc="upper left")
losses.legend()
plt.show()
