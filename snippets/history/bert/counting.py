import torch
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from dlbasic.data.source_lines import bracket_pairs, deal, load_lines

LABELS, SEEDS = (25, 100, 400), 10
pairs = bracket_pairs(load_lines(shortest=4, longest=8)[10_000:])
unseen, truth = deal(pairs[:400], seed=0)
print("labels".ljust(24), *(f"{count:<14}" for count in LABELS))
means = {}
for longest, name in ((1, "tokens"), (3, "and pairs and triples")):
    scores = torch.zeros(len(LABELS), SEEDS)
    for k, count in enumerate(LABELS):
        for seed in range(SEEDS):
            some, labels = deal(pairs[400:], count=count, seed=seed)
            counts = CountVectorizer(
                ngram_range=(1, longest), token_pattern=r"\S+", lowercase=False
            )
            model = make_pipeline(counts, LogisticRegression(max_iter=1000))
            model.fit([" ".join(line) for line in some], labels)
            scores[k, seed] = model.score([" ".join(line) for line in unseen], truth)
    means[longest] = scores.mean(1)
    bars = 2.26 * scores.std(1) / SEEDS**0.5
    print(
        f"{name:24}", *(f"{m:.2f} ± {i:.2f}  " for m, i in zip(means[longest], bars, strict=True))
    )
assert (means[1] - 0.5).abs().max() < 0.06  # one token alone says nothing, by construction
assert means[3].max() < 0.85
