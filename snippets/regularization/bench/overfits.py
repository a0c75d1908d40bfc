import matplotlib.pyplot as plt
import torch

from dlbasic.losses.loss_and_goal import mean_over_seeds
from dlbasic.regularization.bench import Network, load_problem, measure, predict, train

curves = torch.zeros(10, 20, 3)  # seed × time × (training loss, test loss, digits right)
for seed in range(10):
    problem = load_problem(seed=seed)
    network = Network(seed=seed)
    for step, _ in train(network, problem.train, seed=seed):
        if step % 10 == 0:
            seen = measure(predict(network, problem.train.inputs), problem.train.targets)
            logits = predict(network, problem.test.inputs)
            new, digits = measure(logits, problem.test.targets), measure(logits, problem.test.truth)
            row = torch.tensor([seen.loss, new.loss, digits.accuracy])
            curves[seed, step // 10 - 1] = row

steps = torch.arange(10, 201, 10)
print("step   training loss   test loss       digits right")
for k in (1, 4, 19):
    print(
        f"{steps[k]:4} ", *(f"{mean_over_seeds(column):.3f}" for column in curves[:, k].T), sep="  "
    )
first, last = curves[:, 1], curves[:, -1]
assert (last[:, 0] < first[:, 0] / 4).all()
assert (last[:, 1] > first[:, 1] + 0.5).all()
assert (last[:, 2] < first[:, 2]).sum() >= 9

figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
axes.plot(steps, curves[..., 0].T, color="C0", alpha=0.4)
axes.plot(steps, curves[..., 1].T, color="C1", alpha=0.4)
axes.text(200, 0.25, "training", color="C0", ha="right")
axes.text(200, 3.7, "test", color="C1", ha="right")
axes.set(xlabel="step", ylabel="loss (nats)", ylim=(0, None))
plt.show()
