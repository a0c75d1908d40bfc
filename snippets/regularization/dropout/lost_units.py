import matplotlib.pyplot as plt
import torch
from torch import nn

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import Network, fit, load_problem, measure, predict
from dlbasic.regularization.dropout import Dropout, sample_mask

LOST = [0.0, 0.1, 0.2, 0.3, 0.5]


def linear_maps(network):
    return [layer for layer in network.layers if isinstance(layer, nn.Linear)]


def without_units(network, rate, seed):
    """A copy of the network in which some hidden units stay silent for good."""
    generator = torch.Generator().manual_seed(seed)
    poorer = Network(seed=0)
    for copy, layer in zip(linear_maps(poorer), linear_maps(network), strict=True):
        copy.load_state_dict(layer.state_dict())
    for reader in linear_maps(poorer)[1:]:  # what reads hidden units
        reader.weight.data *= sample_mask(reader.weight[0], rate=rate, generator=generator)
    return poorer


accuracies = torch.zeros(2, len(LOST), 10)
for seed in range(10):
    problem = load_problem(seed=seed)
    draws = torch.Generator().manual_seed(seed)
    plain = fit(problem.train, seed=seed)
    robust = fit(problem.train, seed=seed, insert=lambda _, g=draws: Dropout(0.5, generator=g))
    for k, network in enumerate((plain, robust)):
        for j, rate in enumerate(LOST):
            for draw in range(2):
                logits = predict(without_units(network, rate, draw), problem.test.inputs)
                accuracies[k, j, seed] += measure(logits, problem.test.truth).accuracy / 2
left = accuracies / accuracies[:, :1]
figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
print("hidden units lost:", *(f"{rate:13.0%}" for rate in LOST[1:4]))
for name, rows in zip(("plain", "with dropout"), left, strict=True):
    means = [mean_over_seeds(row) for row in rows]
    print(f"  {name:14}   ", *(f"{mean:.2f}" for mean in means[1:4]), sep="  ")
    bars = [mean.half_width for mean in means]
    axes.errorbar(LOST, [mean.mean for mean in means], bars, marker=".", label=name)
axes.set(xlabel="part of the hidden units lost", ylabel="part of the accuracy left", ylim=(0, 1.05))
axes.legend()
plt.show()

assert (left[1, 1:4] > left[0, 1:4]).all(dim=0).sum() >= 9  # in 9 of 10 seeds
