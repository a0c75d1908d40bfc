import time
from functools import partial

import torch

from dlbasic.data.phrases import SPECIAL, Pairs, date_batches, date_lists, date_vocabularies
from dlbasic.history import seq2seq, transformer

english, korean = (len(each) for each in date_vocabularies())
size = {"layers": 1, "d_model": 64, "num_heads": 2, "d_ff": 128}
small = partial(transformer.Transformer, english + korean - len(SPECIAL), **size)
share = partial(transformer.share_vocabulary, source_vocab=english)
ARMS = {
    "RNNsearch": (partial(seq2seq.RNNSearch, english, korean), seq2seq, Pairs._make, 200),
    "Transformer": (small, transformer, share, 320),
}


def whole(models, test):  # no mistake is made, if each word is the likeliest after the right ones
    with torch.no_grad():
        likeliest = [model(test.source, test.target[:, :-1]).argmax(dim=2) for model in models]
    return torch.stack([(each == test.target[:, 1:]).all(1).float().mean() for each in likeliest])


right, costs, said = {}, {}, []
print("whole lists right, by dates        1              2              3         4 and 5")
for name, (make, chapter, number, steps) in ARMS.items():
    models = []
    for seed in range(10):
        torch.manual_seed(seed)
        models.append(make())
    draws = [torch.Generator().manual_seed(1000 + dates) for dates in range(1, 6)]
    tests = [number(date_lists(200, dates=k, generator=draw)) for k, draw in enumerate(draws, 1)]
    batches, start = map(number, date_batches(10, dates=3, steps=steps)), time.process_time()
    for step, _ in chapter.train(models, batches, steps=steps):
        if step == 199:
            right[name, 200] = whole(models, tests[2])  # not yet averaged
    costs[name] = time.process_time() - start
    right[name] = torch.stack([whole(models, test) for test in tests])
    mean, interval = right[name].mean(1), 2.26 * right[name].std(1) / 10**0.5
    cells = [f"{m:.3f} ± {i:.3f}" for m, i in zip(mean, interval, strict=True)]
    row = f"{name:12}{steps:4} steps{costs[name]:4.0f} s"
    print(row, *cells[:3], f"{mean[3:].max():.3f}", sep="  ")
    said.append(f"{cells[2]} by {name} in {costs[name]:.0f} s")

early = right["Transformer", 200].mean()
print(f"Transformer after 200 steps, not yet averaged, three dates: {early:.2f}")
rnn, ours = right["RNNsearch"], right["Transformer"]
assert abs((ours - rnn)[:3].mean(1)).max() < 0.1  # the same quality
assert 0.5 < costs["Transformer"] / costs["RNNsearch"] < 1.6  # for about the same cost
assert early < rnn[2].mean() - 0.3  # behind at equal steps
assert max(rnn[3:].max(), ours[3:].max()) < 0.1  # neither has learned longer lists
print("measured: whole lists of three right:", ", ".join(said), "(10 seeds)")
