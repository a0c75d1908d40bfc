import matplotlib.pyplot as plt
import torch
from torch.nn.functional import one_hot

from dlbasic.history.gpt import GPT, recall_lists, train

SEEDS, STEPS, SHOTS = 10, 80, [0, 1, 2, 4, 8]
SIZE = {"vocab": 14, "context": 18, "d_model": 32, "num_heads": 1, "num_layers": 1}
test = recall_lists(1000, examples=9, generator=torch.Generator().manual_seed(1000))
values = test[:, 1::2]

ceiling = torch.tensor([1 - (3 / 4) ** shots * 9 / 10 for shots in SHOTS])  # seen, or one in ten
counts = one_hot(values).cumsum(1)[:, :-1]  # how often each value came in the first 1, 2, ...
guesses = torch.cat([torch.full((1000, 1), 4), counts.argmax(2)], dim=1)
frequent = (guesses == values).float().mean(0)[SHOTS]
right = {}
for name, shifted in {"keys shifted by one": True, "keys as in GPT-2": False}.items():
    models = []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        models.append(GPT(**SIZE, shifted_keys=shifted))
    generator = torch.Generator().manual_seed(0)
    lists = (recall_lists(SEEDS * 48, examples=9, generator=generator) for _ in range(STEPS))
    batches = (rows.unflatten(0, (SEEDS, 48)) for rows in lists)
    list(train(models, batches, steps=STEPS, rate=0.01))
    with torch.no_grad():
        answers = torch.stack([model(test[:, :-1])[:, ::2].argmax(2) for model in models])
    right[name] = (answers == values).float().mean(1)[:, SHOTS]

mean = {name: shares.mean(0) for name, shares in right.items()}
interval = {name: 2.26 * shares.std(0) / SEEDS**0.5 for name, shares in right.items()}  # 95%
rules = {"the most frequent value": frequent, "the best possible": ceiling}
print("examples in the context ", *(f"{shots:<12}" for shots in SHOTS))
_, axes = plt.subplots(figsize=(6, 3.6), layout="constrained")
for name in right:
    print(
        f"{name:24}",
        *(f"{m:.2f} ± {i:.2f} " for m, i in zip(mean[name], interval[name], strict=True)),
    )
    axes.errorbar(SHOTS, mean[name], interval[name], marker=".", capsize=3, label=name)
for style, (name, shares) in zip((":", "--"), rules.items(), strict=True):
    print(f"{name:24}", *(f"{share:<12.2f}" for share in shares))
    axes.plot(SHOTS, shares, style, color="grey", label=name)
axes.set(xlabel="examples in the context", ylabel="share of right answers", xticks=SHOTS)
axes.legend()
plt.show()

induction, plain = right.values()
assert (induction - ceiling).abs().max() < 0.08
assert (induction.diff(dim=1) > 0.04).all()  # more examples, more right answers, with every seed
assert (plain - frequent).max() < 0.06
ends = [f"{m[k]:.2f} ± {interval[name][k]:.2f}" for name, m in mean.items() for k in (0, 1, 4)]
print(
    "measured: with 0, 1 and 8 examples", ", ".join(ends[:3]), "of the answers are right;", end=" "
)
print("without a way to pair key and value", ", ".join(ends[3:]), "(10 seeds)")
