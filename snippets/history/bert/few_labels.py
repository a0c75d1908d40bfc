import copy

import matplotlib.pyplot as plt
import torch

from dlbasic.data.source_lines import bracket_pairs, deal, load_lines
from dlbasic.history import bert as b

LABELS, SEEDS, SIZE = (25, 100, 400), 10, {"layers": 2, "dim": 32, "heads": 2, "positions": 10}
UPDATES = {"from scratch": 200, "pre-trained": 100}
lines = load_lines(shortest=4, longest=8)
text, held_out = lines[: len(lines) // 2], lines[len(lines) // 2 :]
known, pairs = b.vocabulary(text, size=500), bracket_pairs(held_out)
unseen, truth = deal(pairs[:400], seed=0)
unseen, truth = b.encode(unseen, known), torch.tensor(truth)

torch.manual_seed(0)
masked = b.MaskedLanguageModel(b.Bert(500, **SIZE))
batches = b.masked_batches(b.encode(text, known), vocab=500, batch_size=64, seed=0)
losses = [step.losses.item() for step in b.train([masked], batches, steps=500, rate=6e-3)]
print(f"{len(text):,} lines without labels: loss {losses[0]:.1f} before, {losses[-1]:.1f} after")
hits = {start: torch.zeros(len(LABELS), SEEDS) for start in UPDATES}
for k, count in enumerate(LABELS):
    dealt = [deal(pairs[400:], count=count, seed=seed) for seed in range(SEEDS)]
    inputs = b.encode([line for some, _ in dealt for line in some], known).view(SEEDS, count, -1)
    examples = b.Examples(inputs, torch.tensor([labels for _, labels in dealt]))
    for start, updates in UPDATES.items():
        models = []
        for seed in range(SEEDS):
            torch.manual_seed(seed)
            bert = copy.deepcopy(masked.bert) if start == "pre-trained" else b.Bert(500, **SIZE)
            models.append(b.Classifier(bert, classes=2))
        order = b.labelled_batches(examples, batch_size=16, seed=0)
        list(b.train(models, order, steps=updates, rate=2e-3))
        right = [model(unseen).argmax(1) == truth for model in models]
        hits[start][k] = torch.stack(right).float().mean(1)

table = hits | {"difference": hits["pre-trained"] - hits["from scratch"]}
print("\nlabels   " + "".join(f"{name:16}" for name in table))
said = {}
_, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
for name, each in table.items():
    mean, bars = each.mean(1), 2.26 * each.std(1) / SEEDS**0.5  # 95%: Student's t for 10 seeds
    said[name] = [f"{m:.2f} ± {i:.2f}" for m, i in zip(mean, bars, strict=True)]
    if name in hits:
        axes.errorbar(LABELS, mean, bars, marker=".", capsize=3, label=name)
for k, count in enumerate(LABELS):
    print(f"{count:6}   ", *(f"{column[k]:15}" for column in said.values()), sep="")
axes.set(xlabel="labels", ylabel="accuracy on unseen lines", xticks=LABELS, ylim=(0.45, 1.02))
axes.legend()
plt.show()

assert table["difference"].mean(1)[:2].min() > 0.15
ends = [f"{said[start][1]} {start}" for start in ("pre-trained", "from scratch")]
print("measured: accuracy with 100 labels", ", ".join(ends), f"({SEEDS} seeds)")
