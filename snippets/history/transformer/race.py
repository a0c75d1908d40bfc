import time
from functools import partial

import matplotlib.pyplot as plt
import torch

from dlbasic.data.phrases import SPECIAL, Pairs, date_batches, date_lists, date_vocabularies
from dlbasic.history import seq2seq, transformer

english, korean = map(len, date_vocabularies())
size = {"layers": 1, "d_model": 64, "num_heads": 2, "d_ff": 128}
ours = partial(transformer.Transformer, english + korean - len(SPECIAL), **size)
share = partial(transformer.share_vocabulary, source_vocab=english)
rnn = partial(seq2seq.RNNSearch, english, korean), seq2seq.train, Pairs._make, 200
ARMS = ("RNNsearch", *rnn), ("Transformer", ours, transformer.train, share, 320)


def whole(models, test):  # no mistake is made, if each word is the likeliest after the right ones
    likeliest = [model(test.source, test.target[:, :-1]).argmax(dim=2) for model in models]
    return torch.stack([(each == test.target[:, 1:]).all(1).float().mean() for each in likeliest])


axes, right, cost, early, said = plt.subplots(layout="constrained")[1], [], [], [], []
print("whole lists right, by dates                1              2              3        4 and 5")
for name, make, train, number, steps in ARMS:
    models = [(torch.manual_seed(seed), make())[1] for seed in range(10)]
    draw, batches = torch.Generator().manual_seed(1000), date_batches(10, dates=3, steps=steps)
    tests = [number(date_lists(200, dates=dates, generator=draw)) for dates in range(1, 6)]
    seconds, shares, start = [0.0], [0.0], time.process_time()
    for step, _ in train(models, map(number, batches), steps=steps):
        if step % 40 == 39:  # the clock stands still during a test
            seconds.append(seconds[-1] + time.process_time() - start)
            shares.append(whole(models, tests[2]).mean().item())
            start = time.process_time()
    scores = torch.stack([whole(models, test) for test in tests])
    mean, interval = scores.mean(1), 2.26 * scores.std(1) / 10**0.5
    axes.plot([*seconds, seconds[-1]], [*shares, mean[2]], marker=".", label=name)
    cells = [f"{m:.3f} ± {i:.3f}" for m, i in zip(mean, interval, strict=True)]
    size = sum(weight.numel() for weight in models[0].parameters())
    print(f"{name:11}  {steps} steps, {size:,} weights", *cells[:3], f"{mean[3:].max():.3f}")
    right, cost, early = [*right, scores], [*cost, seconds[-1]], [*early, shares[5]]
    said.append(f"{cells[2]} by {name} in {seconds[-1]:.0f} s")
axes.set(xlabel="CPU seconds, ten models side by side", ylabel="lists of three dates right")
plt.legend()
plt.show()
assert abs((right[1] - right[0])[:3].mean(1)).max() < 0.1  # the same quality
assert 0.5 < cost[1] / cost[0] < 1.6  # for about the same cost
assert early[1] < early[0] - 0.3  # behind after 200 steps
assert max(scores[3:].max() for scores in right) < 0.1  # neither has learned longer lists
print("measured: whole lists of three right:", ", ".join(said), "(10 seeds)")
