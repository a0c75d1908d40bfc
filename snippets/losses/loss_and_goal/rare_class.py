import torch
from sklearn.datasets import load_diabetes
from torch.nn import CrossEntropyLoss, Linear
from torch.nn.functional import cross_entropy

from dlbasic.losses.loss_and_goal import accuracy, mean_over_seeds, precision, recall, train

features, disease = load_diabetes(return_X_y=True)
x = torch.tensor(features / features.std(axis=0)).float()
ill = torch.tensor(disease > 280).long()  # the 27 worst off of 442 real patients

saved, columns = [], []
for seed in range(20):
    order = torch.randperm(442, generator=torch.Generator().manual_seed(seed))
    fit, test = order.split(221)
    rates = ill[fit].bincount() / 221  # of the healthy and of the ill
    plain, weighted = Linear(10, 2), Linear(10, 2)
    for model, loss in {plain: CrossEntropyLoss(), weighted: CrossEntropyLoss(0.5 / rates)}.items():
        torch.nn.init.zeros_(model.weight)
        torch.nn.init.zeros_(model.bias)
        list(train(model, x[fit], ill[fit], loss=loss, learning_rate=0.05, steps=80))
    logits = plain(x[test]).detach()
    by_rates = cross_entropy(rates.log().expand(221, 2), ill[test])
    saved.append((by_rates - cross_entropy(logits, ill[test])).item())
    chance = logits.softmax(dim=1)[:, 1]
    said = [chance > 1, chance > 0.5, chance > rates[1], weighted(x[test]).argmax(dim=1)]
    columns.append([ill[test], *(who.long() for who in said)])

gain = mean_over_seeds(saved)
print(f"test loss saved against the base rates  {gain:.3f} nats")
print("mean ± 95%, 20 seeds   accuracy      recall        precision, all alarms")
truth, *rules = (torch.stack(column) for column in zip(*columns, strict=True))
goals = []
for name, said in zip(["nobody", "p > 1/2", "p > base rate", "class weights"], rules, strict=True):
    right = mean_over_seeds([accuracy(*pair) for pair in zip(said, truth, strict=True)])
    found = mean_over_seeds([recall(*pair)[1] for pair in zip(said, truth, strict=True)])
    alarms = precision(said.flatten(), truth.flatten())[1]
    print(f"{name:20}   {right:.2f}   {found:.2f}   {alarms:.2f}")
    goals.append((right.mean, found.mean))

assert gain.mean > gain.half_width  # the probabilities are worth something
assert goals[1] < goals[0]  # and yet the decisions are less accurate than calling nobody ill
assert goals[1][1] < 0.2  # and find almost nobody
assert min(goals[2][1], goals[3][1]) > 0.5
