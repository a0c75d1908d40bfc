import torch
from sklearn.datasets import load_diabetes
from torch.nn import Linear

from dlbasic.losses.loss_and_goal import mean_over_seeds, train
from dlbasic.losses.mse import l1, mse

features, disease = load_diabetes(return_X_y=True)
bmi = torch.tensor(20 * features[:, 2:3]).float()  # body mass index of 442 real patients
truth = torch.tensor(disease[:, None]).float()  # their disease, one year later

cases = {
    "MSE,  40 updates": (mse, 40),
    "MSE, 300 updates": (mse, 300),
    "L1,  300 updates": (l1, 300),
}
results = torch.zeros(10, 3, 2)  # seed × case × (root of the test MSE, median error)
for seed, result in enumerate(results):
    generator = torch.Generator().manual_seed(seed)
    slipped = torch.rand(truth.shape, generator=generator) < 0.1
    typed = torch.where(slipped, 10 * truth, truth)  # one target in ten gets a zero too many
    fit, test = torch.randperm(442, generator=generator).split(221)
    for row, (loss, steps) in enumerate(cases.values()):
        torch.manual_seed(seed)
        line = Linear(1, 1)
        list(train(line, bmi[fit], typed[fit], loss=loss, steps=steps, learning_rate=5.0))
        predictions = line(bmi[test]).detach()
        result[row, 0] = mse(predictions, typed[test]).sqrt()  # with the slips, as in training
        result[row, 1] = (predictions - truth[test]).abs().median()  # the goal

print("mean ± 95%, 10 seeds   root of test MSE   median error")
for name, rows in zip(cases, results.transpose(0, 1), strict=True):
    root, median = mean_over_seeds(rows[:, 0]), mean_over_seeds(rows[:, 1])
    print(f"{name}       {root:.0f}           {median:.0f}")

early, late, robust = results.transpose(0, 1)
for other in (early, robust):
    lower = mean_over_seeds(other[:, 0] - late[:, 0])
    assert lower.mean > lower.half_width  # training on brings the loss down, on new patients too
    assert (late[:, 1] > other[:, 1] + 5).all()  # and the typical patient is missed by more
