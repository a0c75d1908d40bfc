import torch
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from dlbasic.data.source_lines import bracket_pairs, deal, load_lines

LABELS, SEEDS, LONGEST = (25, 100, 400), 10, {"tokens": 1, "up to triples": 3}
pairs = bracket_pairs(load_lines()[10_000:])
unseen, truth = deal(pairs[:400], seed=0)
print("labels".ljust(15) + "".join(f"{count:<14}" for count in LABELS))
right = {name: torch.zeros(len(LABELS), SEEDS) for name in LONGEST}
for name, longest in LONGEST.items():
    for k, count in enumerate(LABELS):
        for seed in range(SEEDS):
            some, labels = deal(pairs[400:], count=count, seed=seed)
            counts = CountVectorizer(ngram_range=(1, longest), lowercase=False)
            counts.set_params(token_pattern=r"\S+")
            model = make_pipeline(counts, LogisticRegression(max_iter=1000))
            model.fit([" ".join(line) for line in some], labels)
            right[name][k, seed] = model.score([" ".join(line) for line in unseen], truth)
    mean, bars = right[name].mean(1), 2.26 * right[name].std(1) / SEEDS**0.5
    cells = [f"{m:.2f} ± {i:.2f}" for m, i in zip(mean, bars, strict=True)]
    print(f"{name:15}" + "   ".join(cells))
assert (right["tokens"].mean(1) - 0.5).abs().max() < 0.06  # by construction
