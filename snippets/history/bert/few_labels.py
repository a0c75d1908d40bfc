import copy

import matplotlib.pyplot as plt
import torch

from dlbasic.data.source_lines import bracket_pairs, deal, load_lines
from dlbasic.history import bert as b

LABELS, SEEDS, SIZE = (25, 100, 400), 10, {"layers": 2, "dim": 32, "heads": 2, "positions": 10}
SETTINGS = {"pre-trained": (60, 2e-3), "from scratch": (200, 4e-3)}  # updates and rate
lines = load_lines(shortest=4, longest=8)
text, pairs = lines[:10_000], bracket_pairs(lines[10_000:])
known = b.vocabulary(text, size=100)
unseen, truth = deal(pairs[:400], seed=0)
unseen, truth = b.encode(unseen, known), torch.tensor(truth)

starts = {name: [] for name in SETTINGS}
for seed in range(SEEDS):
    torch.manual_seed(seed)
    starts["from scratch"].append(b.Bert(100, **SIZE))
masked = [b.MaskedLanguageModel(copy.deepcopy(bert)) for bert in starts["from scratch"]]
batches = b.masked_batches(b.encode(text, known), vocab=100, batch_size=32 * SEEDS, seed=0)
shared = (b.Examples(*(each.view(SEEDS, 32, -1) for each in batch)) for batch in batches)
losses = [step.losses.mean() for step in b.train(masked, shared, steps=400, rate=5e-3)]
starts["pre-trained"] = [model.bert for model in masked]
print(f"{len(text):,} lines without labels: loss {losses[0]:.1f} before, {losses[-1]:.1f} after")

hits = {name: torch.zeros(len(LABELS), SEEDS) for name in SETTINGS}
for k, count in enumerate(LABELS):
    dealt = [deal(pairs[400:], count=count, seed=seed) for seed in range(SEEDS)]
    inputs = b.encode([line for some, _ in dealt for line in some], known).view(SEEDS, count, -1)
    examples = b.Examples(inputs, torch.tensor([labels for _, labels in dealt]))
    for name, (updates, rate) in SETTINGS.items():
        models = [b.Classifier(copy.deepcopy(bert), classes=2) for bert in starts[name]]
        order = b.labelled_batches(examples, batch_size=16, seed=0)
        list(b.train(models, order, steps=updates, rate=rate))
        hits[name][k] = torch.stack([(m(unseen).argmax(1) == truth).float().mean() for m in models])

table = hits | {"difference": hits["pre-trained"] - hits["from scratch"]}
said = {}
_, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
for name, each in table.items():
    mean, bars = each.mean(1), 2.26 * each.std(1) / SEEDS**0.5  # 95%: Student's t for 10 seeds
    said[name] = [f"{m:.2f} ± {i:.2f}" for m, i in zip(mean, bars, strict=True)]
    if name in hits:
        axes.errorbar(LABELS, mean, bars, marker=".", capsize=3, label=name)
print("labels   " + "".join(f"{name:15}" for name in table))
for k, count in enumerate(LABELS):
    print(f"{count:6}   ", *(f"{column[k]:15}" for column in said.values()), sep="")
axes.set(xlabel="labels", ylabel="accuracy on unseen lines", xticks=LABELS, ylim=(0.45, 1.02))
axes.legend()
plt.show()
assert table["difference"].mean(1)[:2].min() > 0.08
ends = [f"{said[name][1]} {name}" for name in SETTINGS]
print("measured: accuracy with 100 labels", ", ".join(ends), f"({SEEDS} seeds)")
