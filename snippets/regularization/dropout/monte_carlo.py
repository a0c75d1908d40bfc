import matplotlib.pyplot as plt
import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import fit, load_problem, measure, predict
from dlbasic.regularization.dropout import Dropout, monte_carlo

MEMBERS, SAMPLES = 4, 20
rows = {"one plain network": [], "dropout, weight scaling": []}
rows |= {f"dropout, {SAMPLES} subnetworks": [], f"ensemble of {MEMBERS} plain networks": []}
curves = {"subnetworks": torch.zeros(10, SAMPLES), "plain networks": torch.zeros(10, MEMBERS)}
for seed in range(10):
    problem = load_problem(seed=seed)
    inputs, labels, truth = problem.test
    draws = torch.Generator().manual_seed(seed)
    network = fit(problem.train, seed=seed, insert=lambda _, g=draws: Dropout(0.5, generator=g))
    sampled = monte_carlo(network, inputs, samples=SAMPLES)
    plain = [fit(problem.train, seed=10 * k + seed) for k in range(MEMBERS)]
    members = torch.stack([predict(member, inputs).softmax(dim=1) for member in plain])
    scaled = predict(network, inputs).softmax(dim=1)
    answers = (members[0], scaled, sampled.mean(dim=0), members.mean(dim=0))
    for row, probabilities in zip(rows.values(), answers, strict=True):
        result = measure(probabilities.log(), labels)
        digits = measure(probabilities.log(), truth).accuracy
        row.append((result.loss, digits, result.calibration))
    for curve, voices in zip(curves.values(), (sampled, members), strict=True):
        for count in range(1, len(voices) + 1):
            curve[seed, count - 1] = measure(voices[:count].mean(dim=0).log(), labels).loss

print("mean ± 95%, 10 seeds          test loss      digits right   calibration error")
table = {name: torch.tensor(row) for name, row in rows.items()}
for name, row in table.items():
    print(f"{name:28}", *(f"{mean_over_seeds(column):.3f}" for column in row.T), sep="  ")
one, scaled, sampled, members = table.values()
assert (scaled[:, 0] < one[:, 0]).sum() >= 9  # the loss, in 9 of 10 seeds
assert (members[:, 0] < one[:, 0]).sum() >= 9
assert (sampled[:, 0] < scaled[:, 0]).sum() >= 9

figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
for name, curve in curves.items():
    axes.plot(range(1, curve.shape[1] + 1), curve.mean(dim=0), marker=".", label=name)
axes.axhline(scaled[:, 0].mean(), color="C2", linestyle="--", label="weight scaling")
axes.set(xlabel="number averaged", ylabel="test loss (nats)")
axes.legend()
plt.show()
