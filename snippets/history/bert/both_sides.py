import torch

from dlbasic.history.bert import CLS, IGNORED, MASK, SEP, Bert, Examples, MaskedLanguageModel, train

SEEDS, STEPS, FIRST, MIDDLE = 10, 280, 5, 2  # the digits come after five special tokens
draw = torch.Generator().manual_seed(0)


def rows(left, right):
    digits = left + FIRST, (left + right) % 7 + FIRST, right + FIRST
    return torch.stack([left * 0 + CLS, *digits, left * 0 + SEP], dim=-1)


def batches():  # the middle is hidden, or another digit, or as it was: 80, 10 and 10 in 100
    for _ in range(STEPS):
        tokens = rows(*torch.randint(7, (2, SEEDS, 24), generator=draw))
        inputs, targets = tokens.clone(), torch.full_like(tokens, IGNORED)
        targets[..., MIDDLE] = middle = tokens[..., MIDDLE]
        fate = torch.rand(middle.shape, generator=draw)
        inputs[..., MIDDLE] = middle.where(fate > 0.9, middle.roll(1)).masked_fill(fate < 0.8, MASK)
        yield Examples(inputs, targets)


sums = rows(*torch.cartesian_prod(torch.arange(7), torch.arange(7)).T)
unseen, answers = sums.clone(), sums[:, MIDDLE]
unseen[:, MIDDLE] = MASK
size = {"layers": 1, "dim": 64, "heads": 4, "positions": 5}
right = {}
for name in ("both sides", "left to right"):
    torch.manual_seed(0)
    one_way = name == "left to right"
    berts = [Bert(12, **size, left_to_right=one_way) for _ in range(SEEDS)]
    models = [MaskedLanguageModel(bert) for bert in berts]
    *_, last = train(models, batches(), steps=STEPS, rate=4e-3)
    said = torch.stack([model(unseen)[:, MIDDLE].argmax(1) for model in models])
    right[name] = (said == answers).float().mean(1)
    bars = 2.26 * right[name].std() / SEEDS**0.5  # 95%: Student's t for 10 seeds
    loss, hits = last.losses.mean(), right[name].mean()
    print(f"{name:14} loss {loss:.2f} nats at the end, right {hits:.2f} ± {bars:.2f}")
print(f"a guess        loss {torch.tensor(7.0).log():.2f} nats,            right {1 / 7:.2f}")
assert right["both sides"].mean() > 0.85
assert right["left to right"].max() < 1 / 7 + 1e-6  # each left digit has seven middles
