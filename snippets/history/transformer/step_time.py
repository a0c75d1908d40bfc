import time
from itertools import pairwise

import matplotlib.pyplot as plt
import torch

from dlbasic.data.phrases import SPECIAL, Pairs, date_lists, date_vocabularies
from dlbasic.history import seq2seq, transformer

english, korean = map(len, date_vocabularies())
size = {"layers": 1, "d_model": 64, "num_heads": 2, "d_ff": 128}
torch.manual_seed(0)
ours = transformer.Transformer(english + korean - len(SPECIAL), **size)
theirs = (seq2seq.train, seq2seq.greedy, seq2seq.RNNSearch(english, korean))
CHAPTERS = theirs, (transformer.train, transformer.greedy, ours)


def milliseconds(run):
    times = [time.process_time()]
    for _ in run:
        times.append(time.process_time())
    return 1000 * min(after - before for before, after in pairwise(times))


words, training, writing = [], [], []
print("milliseconds     a step of training                16 lists written")
print("words       RNNsearch Transformer ratio     RNNsearch Transformer ratio")
for dates in (1, 2, 4, 8, 16):
    pairs = date_lists(16, dates=dates, generator=torch.Generator().manual_seed(0))
    batch, length = Pairs(*(each[None] for each in pairs)), pairs.source.shape[1]
    steps, lists = [], []
    for train, greedy, model in CHAPTERS:
        steps.append(milliseconds(train([model], [batch] * 6, steps=6)))
        runs = (greedy(model, pairs.source, length=length) for _ in range(2))
        lists.append(milliseconds(runs))
    words, training, writing = [*words, length], [*training, steps], [*writing, lists]
    print(f"{length:5}", *(f"{a:13.0f} {b:11.0f} {a / b:5.1f}" for a, b in (steps, lists)))

_, panels = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
titles = ("a step of training", "16 lists written")
for panel, times, title in zip(panels, (training, writing), titles, strict=True):
    panel.loglog(words, times, marker=".", label=("RNNsearch", "Transformer"))
    panel.set(title=title, xlabel="words", xticks=words, xticklabels=words)
    panel.minorticks_off()
panels[0].set(ylabel="milliseconds")
panels[0].legend()
plt.show()
(short, _), (long, _) = ([a / b for a, b in (training[k], writing[k])] for k in (0, -1))
assert long > 1.5 * max(1, short)  # training gains with the length
assert writing[-1][0] < 0.7 * writing[-1][1]  # and writing loses
