import torch
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from dlbasic.data.source_lines import bracket_pairs, deal, load_lines, swapped_pairs

lines = load_lines(shortest=4, longest=8)
held_out = lines[len(lines) // 2 :]
tasks = {
    "brackets": bracket_pairs(held_out),
    "swaps": swapped_pairs(held_out[:2000], seed=0),
}

print("accuracy by labels    " + "".join(f"{count:<14}" for count in (25, 100, 400)))
means = {}
for task, pairs in tasks.items():
    unseen, truth = deal(pairs[:400], seed=0)
    for longest, name in ((1, "tokens"), (3, "and pairs and triples")):
        scores = torch.zeros(3, 10)
        for k, count in enumerate((25, 100, 400)):
            for seed in range(10):
                some, labels = deal(pairs[400:], count=count, seed=seed)
                counts = CountVectorizer(
                    ngram_range=(1, longest), token_pattern=r"\S+", lowercase=False
                )
                model = make_pipeline(counts, LogisticRegression(max_iter=1000))
                model.fit([" ".join(line) for line in some], labels)
                scores[k, seed] = model.score([" ".join(line) for line in unseen], truth)
        interval = 2.26 * scores.std(1) / 10**0.5
        means[task, longest] = scores.mean(1)
        cells = [f"{m:.2f} ± {i:.2f}" for m, i in zip(scores.mean(1), interval, strict=True)]
        print(f"{task:9}{name if longest == 1 else 'n-grams':12}", *cells, sep=" ")
assert means["brackets", 1].max() < 0.6  # one token alone says nothing, by construction
assert means["brackets", 3][1] < 0.75
