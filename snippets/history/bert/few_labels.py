import copy

import matplotlib.pyplot as plt
import torch

from dlbasic.data.source_lines import bracket_pairs, deal, load_lines
from dlbasic.history import bert as b

LABELS, SEEDS, draw, lines = (25, 100, 400), 10, torch.manual_seed(0), load_lines()
RATES = {"pre-trained": 3e-3, "from scratch": 4e-3}  # each the best of some, in trials
text, pairs = lines[:10_000], bracket_pairs(lines[10_000:])
known = b.vocabulary(text, size=100)
tokens, (unseen, truth) = b.encode(text, known), deal(pairs[:400], seed=0)
unseen, truth = b.encode(unseen, known), torch.tensor(truth)
fresh = [b.Bert(100, layers=2, dim=32, heads=2, positions=10) for _ in range(SEEDS)]
starts = {"from scratch": fresh}
models = [b.MaskedLanguageModel(copy.deepcopy(bert)) for bert in fresh]
rows = torch.randint(len(tokens), (500, SEEDS * 24), generator=draw)
masked = (b.mask_tokens(tokens[row], vocab=100, generator=draw) for row in rows)
batches = (b.Examples(*(each.view(SEEDS, 24, -1) for each in batch)) for batch in masked)
(_, first), *_, (_, last) = b.train(models, batches, steps=500, rate=6e-3)
print(f"pre-training: a loss of {first.mean():.2f} nats at first, {last.mean():.2f} at last")
starts["pre-trained"] = [model.bert for model in models]
hits, cells = {name: torch.zeros(len(LABELS), SEEDS) for name in RATES}, {}
for k, count in enumerate(LABELS):
    dealt = [deal(pairs[400:], count=count, seed=seed) for seed in range(SEEDS)]
    inputs = b.encode([line for some, _ in dealt for line in some], known).view(SEEDS, count, -1)
    targets = torch.tensor([labels for _, labels in dealt])
    for name, rate in RATES.items():
        rows = torch.randint(count, (300, 16), generator=draw.manual_seed(0))
        models = [b.Classifier(copy.deepcopy(bert), classes=2) for bert in starts[name]]
        batches = (b.Examples(inputs[:, row], targets[:, row]) for row in rows)
        list(b.train(models, batches, steps=300, rate=rate))
        hits[name][k] = torch.stack([(m(unseen).argmax(1) == truth).float().mean() for m in models])
gap = hits["the gap"] = hits["pre-trained"] - hits["from scratch"]  # of one seed, so paired
print("labels".ljust(15) + "".join(f"{count:<14}" for count in LABELS))
for name, each in hits.items():
    mean, bars = each.mean(1), 2.26 * each.std(1) / SEEDS**0.5  # 95%: Student's t for 10 seeds
    cells[name] = [f"{m:.2f} ± {i:.2f}" for m, i in zip(mean, bars, strict=True)]
    print(f"{name:15}" + "   ".join(cells[name]))
    if name in RATES:
        plt.errorbar(LABELS, mean, bars, marker=".", capsize=3, label=name)
plt.gca().set(xlabel="labels", ylabel="accuracy on unseen lines", xticks=LABELS)
plt.legend()
plt.show()
assert (gap.mean(1) > 2.26 * gap.std(1) / SEEDS**0.5)[:2].all()  # with few labels
assert gap[2].mean().abs() < 0.05  # and not with many
few, many = (f"{cells['the gap'][k]} ({LABELS[k]} labels)" for k in (1, 2))
ends = ", ".join(f"{cells[name][1]} {name}" for name in RATES)
print(f"measured: accuracy with 100 labels {ends}; ahead by {few}, {many} ({SEEDS} seeds)")
