import matplotlib.pyplot as plt
import torch

from dlbasic.data.phrases import Pairs, date_batches, date_lists, date_vocabularies
from dlbasic.history.seq2seq import EncoderDecoder, greedy, reverse, train

SEEDS, STEPS = 10, 320
STYLES = {"as written": torch.clone, "reversed": reverse}
ARMS = [(source, target) for target in STYLES for source in STYLES]
english, korean = date_vocabularies()
models = []
for seed in list(range(SEEDS)) * len(ARMS):  # the arms differ in their data, and in nothing else
    torch.manual_seed(seed)
    models.append(EncoderDecoder(len(english), len(korean)))
batches = (
    Pairs(*(torch.cat([STYLES[arm[k]](batch[k]) for arm in ARMS]) for k in (0, 1)))
    for batch in date_batches(SEEDS, dates=3, steps=STEPS)
)
list(train(models, batches, steps=STEPS))

_, panels = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True, layout="constrained")
right = {}
print("words right in lists of dates:             one           two           three")
for number, arm in enumerate(ARMS):
    scores = torch.zeros(SEEDS, 3)
    for dates in (1, 2, 3):
        test = date_lists(200, dates=dates, generator=torch.Generator().manual_seed(1000))
        source, target = (STYLES[how](tokens) for how, tokens in zip(arm, test, strict=True))
        for seed, model in enumerate(models[number * SEEDS :][:SEEDS]):
            written = greedy(model, source, length=target.shape[1] - 1)
            scores[seed, dates - 1] = (written == target[:, 1:]).float().mean()
    right[arm], mean = scores, scores.mean(0)
    interval = 2.26 * scores.std(0) / SEEDS**0.5  # 95%: Student's t for 10 seeds
    cells = [f"{m:.2f} ± {i:.2f}" for m, i in zip(mean, interval, strict=True)]
    print(f"source {arm[0]:10}, target {arm[1]:10}", *cells, sep="   ")
    panel = panels[number // 2]
    panel.errorbar((1, 2, 3), mean, interval, capsize=3, label=f"English {arm[0]}")
    panel.set(title=f"Korean {arm[1]}", xlabel="dates in the list", xticks=(1, 2, 3))
panels[0].set(ylabel="share of words right", ylim=(0.4, 1.02))
panels[0].legend()
plt.show()

forward, backward, turned, both = right.values()
assert (backward - forward).mean(0).min() > 0.03
assert (both - turned).mean(0).max() < -0.01
ends = [f"{s.mean():.2f} ± {2.26 * s.mean(1).std() / 10**0.5:.2f}" for s in (backward, forward)]
print(f"measured: {ends[0]} of words right with a reversed source, {ends[1]} without (10 seeds)")
