import time
from itertools import pairwise

import matplotlib.pyplot as plt
import torch

from dlbasic.data.phrases import SPECIAL, Pairs, date_lists, date_vocabularies
from dlbasic.history import seq2seq, transformer

english, korean = date_vocabularies()
vocab = len(english) + len(korean) - len(SPECIAL)
small = {"layers": 1, "d_model": 64, "num_heads": 2, "d_ff": 128}
torch.manual_seed(0)
MODELS = {
    seq2seq: seq2seq.RNNSearch(len(english), len(korean)),
    transformer: transformer.Transformer(vocab, **small),
}


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
    batch, words = Pairs(*(each[None] for each in pairs)), [*words, pairs.source.shape[1]]
    steps, lists = [], []
    for chapter, model in MODELS.items():
        steps.append(milliseconds(chapter.train([model], [batch] * 4, steps=4)))
        runs = (chapter.greedy(model, pairs.source, length=words[-1]) for _ in range(2))
        lists.append(milliseconds(runs))
    training, writing = [*training, steps], [*writing, lists]
    cells = [f"{a:13.0f} {b:11.0f} {a / b:5.1f}" for a, b in (steps, lists)]
    print(f"{words[-1]:5}", *cells)

_, panels = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
titles = ("a step of training", "16 lists written")
for panel, times, title in zip(panels, (training, writing), titles, strict=True):
    panel.plot(words, times, marker=".", label=("RNNsearch", "Transformer"))
    panel.set(xscale="log", yscale="log", title=title, xlabel="words", xticks=words)
    panel.set_xticklabels(words)
    panel.minorticks_off()
panels[0].set(ylabel="milliseconds")
panels[0].legend()
plt.show()
(short, _), (long, _) = ([a / b for a, b in (training[k], writing[k])] for k in (0, -1))
assert long > 1.5 * max(1, short)  # training gains with the length
assert writing[-1][0] < 0.7 * writing[-1][1]  # and writing loses
