import torch

from dlbasic.history.gpt import probabilities

words = ["the", "a", "this", "each", "zebra", "qua"]
logits = torch.tensor([[3.0, 2.3, 1.6, 1.2, -0.7, -1.4]])
settings = {
    "as the model says": {},
    "temperature 0.5": {"temperature": 0.5},
    "temperature 2": {"temperature": 2.0},
    "top-k, k = 2": {"top_k": 2},
    "top-p, p = 0.9": {"top_p": 0.9},
}
generator = torch.Generator().manual_seed(0)
print("probability, and share of 100,000 draws")
print(" " * 18 + "".join(f"{word:>12}" for word in words))
p = {}
for name, setting in settings.items():
    p[name] = probabilities(logits, **setting)[0]
    drawn = torch.multinomial(p[name], 100_000, replacement=True, generator=generator)
    shares = drawn.bincount(minlength=6) / 100_000
    pairs = zip(p[name].tolist(), shares.tolist(), strict=True)
    print(f"{name:20}" + "  ".join(f"{a:.3f} {b:.2f}" for a, b in pairs))
    assert (shares - p[name]).abs().max() < 0.01

plain = p["as the model says"]
assert p["temperature 0.5"][0] > plain[0] > p["temperature 2"][0]
torch.testing.assert_close(p["temperature 0.5"], plain**2 / (plain**2).sum())
assert p["top-k, k = 2"].count_nonzero() == 2
kept = p["top-p, p = 0.9"] > 0
assert plain[kept].sum() >= 0.9 > plain[kept][:-1].sum()  # one word fewer would not reach it
