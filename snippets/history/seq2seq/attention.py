import matplotlib.pyplot as plt
import torch

from dlbasic.data.phrases import Pairs, date_batches, date_lists, date_vocabularies
from dlbasic.history.seq2seq import EncoderDecoder, RNNSearch, greedy, reverse, train

ARMS = {"fixed vector": (EncoderDecoder, reverse, 400), "attention": (RNNSearch, torch.clone, 200)}
english, korean = date_vocabularies()
whole, models = {}, []
print("whole lists right, by dates:  1              2              3             4             5")
for name, (kind, turn, steps) in ARMS.items():
    models = []
    for seed in range(10):
        torch.manual_seed(seed)
        models.append(kind(len(english), len(korean)))
    batches = (Pairs(turn(s), t) for s, t in date_batches(10, dates=3, steps=steps))
    list(train(models, batches, steps=steps))
    whole[name] = torch.zeros(10, 5)
    for dates in range(1, 6):  # 4 and 5: more than in training
        test = date_lists(200, dates=dates, generator=torch.Generator().manual_seed(1000))
        for seed, model in enumerate(models):
            written = greedy(model, turn(test.source), length=test.target.shape[1] - 1)
            whole[name][seed, dates - 1] = (written == test.target[:, 1:]).all(1).float().mean()
    mean, interval = whole[name].mean(0), 2.26 * whole[name].std(0) / 10**0.5
    cells = [f"{m:.3f} ± {i:.3f}" for m, i in zip(mean, interval, strict=True)]
    print(f"{name:22}", *cells, sep="  ")

pairs = date_lists(200, dates=3, generator=torch.Generator().manual_seed(1))
looks = torch.zeros(10, 200, 11, 11)  # seed, list, Korean word, English word
for seed, model in enumerate(models):
    state = model.encode(pairs.source)
    for i, word in enumerate(pairs.target[:, :11].unbind(1)):
        state, _ = model.step(state, word)
        looks[seed, :, i] = state[2].detach()
same = [2, 1, 0, 3, 6, 5, 4, 7, 10, 9, 8]  # where the English word of the same meaning stands
on_it = looks[..., range(11), same].mean((1, 2))
print(f"\nweight on the word of the same meaning {on_it.mean():.2f}, if spread evenly {1 / 11:.2f}")
roman = str.maketrans({"년": "-nyeon", "월": "-wol", "일": "-il", "및": "mit"})
_, axes = plt.subplots(figsize=(5.5, 4.6), layout="constrained")
x, y = torch.meshgrid(torch.arange(11), torch.arange(11), indexing="xy")
axes.scatter(x, y, s=200 * looks[0, 0], marker="s")
axes.set_xticks(range(11), english.decode(pairs.source[0]), rotation=60)
axes.set_yticks(range(11), [word.translate(roman) for word in korean.decode(pairs.target[0])])
axes.invert_yaxis()
plt.show()

assert whole["attention"][:, :3].mean(0).min() > 0.9
assert whole["fixed vector"][:, 2].max() < 0.3
assert whole["attention"][:, 3:].mean() < 0.5  # no length beyond those of training
assert on_it.min() > 0.5
