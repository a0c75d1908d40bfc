import matplotlib.pyplot as plt
import torch

from dlbasic.history.bert import CLS, IGNORED, MASK, SEP, Bert, Examples, MaskedLanguageModel, train

SEEDS, STEPS, FIRST, MIDDLE = 10, 300, 5, 2  # the digits come after five special tokens
generator = torch.Generator().manual_seed(0)


def rows(left, right):
    ends = torch.full_like(left, CLS), torch.full_like(left, SEP)
    digits = left + FIRST, (left + right) % 7 + FIRST, right + FIRST
    return torch.stack([ends[0], *digits, ends[1]], dim=-1)


def batches(hidden):  # what is not hidden is another digit or stays, equally often
    for _ in range(STEPS):
        tokens = rows(*torch.randint(7, (2, SEEDS, 20), generator=generator))
        inputs, targets = tokens.clone(), torch.full_like(tokens, IGNORED)
        fate, another = torch.rand(SEEDS, 20, generator=generator), inputs[:, :, 1].roll(1, 1)
        middle = tokens[..., MIDDLE].where(fate > (1 + hidden) / 2, another)
        inputs[..., MIDDLE] = middle.masked_fill(fate < hidden, MASK)
        targets[..., MIDDLE] = tokens[..., MIDDLE]
        yield Examples(inputs, targets)


tests = rows(*torch.cartesian_prod(torch.arange(7), torch.arange(7)).T)
unseen, mistaken, answers = tests.clone(), tests.clone(), tests[:, MIDDLE]
unseen[:, MIDDLE], mistaken[:, MIDDLE] = MASK, (answers - FIRST + 3) % 7 + FIRST
arms = {"both sides": (0.8, False), "all hidden": (1, False), "left to right": (0.8, True)}
right = {}
_, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
print(f"{'':16}the digit is hidden   another digit stands there")
for name, (hidden, one_way) in arms.items():
    torch.manual_seed(0)
    berts = [
        Bert(12, layers=1, dim=64, heads=4, positions=5, left_to_right=one_way)
        for _ in range(SEEDS)
    ]
    models = [MaskedLanguageModel(bert) for bert in berts]
    losses = [step.losses.mean() for step in train(models, batches(hidden), steps=STEPS, rate=4e-3)]
    axes.plot(losses, label=name)
    for case in (unseen, mistaken):
        said = torch.stack([model(case)[:, MIDDLE].argmax(1) == answers for model in models])
        right[name] = [*right.get(name, []), said.float().mean(1)]
    cells = [f"{hit.mean():.2f} ± {2.26 * hit.std() / SEEDS**0.5:.2f}" for hit in right[name]]
    print(f"{name:16}{cells[0]:22}{cells[1]}")
axes.set(xlabel="update", ylabel="loss (nats)", ylim=(0, 2.6))
axes.legend()
plt.show()
assert right["both sides"][0].mean() > 0.9
assert right["left to right"][0].max() < 1 / 7 + 1e-6  # a left digit has seven middles
