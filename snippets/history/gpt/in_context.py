import matplotlib.pyplot as plt
import torch
from torch.nn.functional import one_hot

from dlbasic.history.gpt import GPT, recall_lists, train

SEEDS, STEPS, SHOTS = 10, 80, [0, 1, 2, 4, 8]
SIZE = {"vocab": 14, "context": 18, "d_model": 32, "num_heads": 1, "num_layers": 1}
test = recall_lists(2000, examples=9, generator=torch.Generator().manual_seed(1000))
values = test[:, 1::2]
right = {}
for name, shifted in {"keys shifted by one": True, "keys as in GPT-2": False}.items():
    models = []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        models.append(GPT(**SIZE, shifted_keys=shifted))
    draw = torch.Generator().manual_seed(0)
    lists = (recall_lists(SEEDS * 48, examples=9, generator=draw) for _ in range(STEPS))
    batches = (rows.unflatten(0, (SEEDS, 48)) for rows in lists)
    list(train(models, batches, steps=STEPS, rate=0.01))
    with torch.no_grad():
        answers = torch.stack([model(test[:, :-1])[:, ::2].argmax(2) for model in models])
    right[name] = (answers == values).float().mean(1)[:, SHOTS]

counts = one_hot(values).cumsum(1)[:, :-1]  # how often each value came in the first 1, 2, ...
guesses = torch.cat([torch.full((2000, 1), 4), counts.argmax(2)], dim=1)
frequent = (guesses == values).float().mean(0)[SHOTS]
ceiling = torch.tensor([1 - (3 / 4) ** shots * 9 / 10 for shots in SHOTS])  # seen, or one in ten
print("examples in the context ", *(f"{shots:<15}" for shots in SHOTS))
_, axes = plt.subplots(figsize=(6, 3.6), layout="constrained")
ends = []
for name, shares in right.items():
    mean, interval = shares.mean(0), 2.26 * shares.std(0) / SEEDS**0.5  # 95%: Student's t
    cells = [f"{m:.3f} ± {i:.3f}" for m, i in zip(mean, interval, strict=True)]
    print(f"{name:24}", *(f"{cell:15}" for cell in cells))
    ends.append(", ".join([cells[0], cells[1], cells[4]]))
    axes.errorbar(SHOTS, mean, interval, marker=".", capsize=3, label=name)
rules = {"the most frequent value": (frequent, ":"), "the best possible": (ceiling, "--")}
for name, (shares, style) in rules.items():
    print(f"{name:24}", *(f"{share:<15.3f}" for share in shares))
    axes.plot(SHOTS, shares, style, color="grey", label=name)
axes.set(xlabel="examples in the context", ylabel="share of right answers", xticks=SHOTS)
axes.legend()
plt.show()
induction, plain = right.values()
assert (induction - ceiling).abs().max() < 0.08
assert (induction.diff(dim=1) > 0.04).all()  # more examples, more right answers, with every seed
assert (plain - frequent).max() < 0.06
print(f"measured: {ends[0]} right with 0, 1, 8 examples; without induction {ends[1]} (10 seeds)")
