from math import inf, log

import matplotlib.pyplot as plt
import torch

from dlbasic.losses.cross_entropy import cross_entropy_gradient, smooth_labels

one_hot = torch.eye(10, dtype=torch.float64)[:1]  # one example, ten classes

figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
print("smoothing   gap after 300 steps   after 3,000   optimum")
for smoothing in (0.0, 0.01, 0.1):
    targets = smooth_labels(one_hot, smoothing=smoothing)
    optimum = log(targets[0, 0] / targets[0, 1]) if smoothing else inf
    logits = torch.zeros(1, 10, dtype=torch.float64)
    gaps = []
    for _ in range(3000):
        logits -= 1.0 * cross_entropy_gradient(logits, targets)  # no model: the logits themselves
        gaps.append((logits[0, 0] - logits[0, 1]).item())
    print(f"{smoothing:9} {gaps[299]:21.2f} {gaps[-1]:13.2f} {optimum:9.2f}")
    axes.semilogx(range(1, 3001), gaps, label=f"smoothing {smoothing}")
    if smoothing:
        assert abs(gaps[-1] - optimum) < 0.01
    else:
        assert gaps[-1] - gaps[299] > 2  # ten times the steps, and it still climbs
axes.set(xlabel="steps of gradient descent", ylabel="gap: target's logit - another")
axes.legend()
plt.show()
