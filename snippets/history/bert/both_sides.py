import matplotlib.pyplot as plt
import torch

from dlbasic.history.bert import CLS, IGNORED, MASK, SEP, Bert, Examples, MaskedLanguageModel, train

SEEDS, STEPS, FIRST = 10, 400, 5  # the digits come after five special tokens
generator = torch.Generator().manual_seed(0)


def ask_middle(left, right):
    words = torch.stack([left, (left + right) % 7, right], dim=-1) + FIRST
    ends = torch.full_like(words[..., :1], CLS), torch.full_like(words[..., :1], SEP)
    tokens = torch.cat([ends[0], words, ends[1]], dim=-1)
    middle = torch.arange(5) == 2
    return Examples(tokens.masked_fill(middle, MASK), tokens.masked_fill(~middle, IGNORED))


inputs, targets = ask_middle(*torch.cartesian_prod(torch.arange(7), torch.arange(7)).T)
hits, losses = {}, {}
for name in ("both sides", "left to right"):
    models, one_way = [], name == "left to right"
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        bert = Bert(12, layers=1, dim=64, heads=4, positions=5, left_to_right=one_way)
        models.append(MaskedLanguageModel(bert))
    sums = (torch.randint(7, (2, SEEDS, 24), generator=generator) for _ in range(STEPS))
    steps = train(models, (ask_middle(*pair) for pair in sums), steps=STEPS, rate=4e-3)
    losses[name] = torch.stack([step.losses for step in steps])
    right = [model(inputs)[:, 2].argmax(1) == targets[:, 2] for model in models]
    hits[name] = torch.stack(right).float().mean(1)
    mean, interval = hits[name].mean(), 2.26 * hits[name].std() / SEEDS**0.5
    print(f"{name:14} {mean:.3f} ± {interval:.3f} right   (one in seven is {1 / 7:.3f})")

_, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
for name, curves in losses.items():
    axes.plot(curves.mean(1), label=name)
axes.axhline(torch.tensor(7.0).log(), color="grey", linestyle="--", label="a guess among seven")
axes.set(xlabel="update", ylabel="loss (nats)", ylim=(0, 2.6))
axes.legend()
plt.show()

assert hits["both sides"].mean() > 0.9
assert hits["left to right"].max() < 1 / 7 + 1e-6  # each left has seven middles: one can be right
