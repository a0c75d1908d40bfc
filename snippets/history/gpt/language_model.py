import bz2
import gzip
import lzma

import matplotlib.pyplot as plt
import numpy as np
import torch

from dlbasic.data.byte_pairs import BytePairs, learn
from dlbasic.data.standard_library import bits_by_counting, load_documents
from dlbasic.history.gpt import GPT, bits_per_character, train, windows, write

documents = load_documents()
text = "\n\n".join(document for k, document in enumerate(documents) if k % 10)
unseen = "\n\n".join(documents[::10])
by_counting = bits_by_counting(text.encode(), unseen.encode(), order=5)
bits = {f"counts, {k} before": total / len(unseen) for k, total in enumerate(by_counting)}
for name, compress in {"gzip": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}.items():
    more = len(compress((text + unseen).encode())) - len(compress(text.encode()))
    bits[name] = 8 * more / len(unseen)

pairs = BytePairs(learn(text, merges=768))
rows = windows(pairs.encode(text), length=65)
order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(0))[: 16 * 240]
batches = rows[order].view(240, 1, 16, 65)
_, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained")
sizes, scores, curves = [], [], []
for width in (12, 24, 48, 96):
    torch.manual_seed(0)
    model = GPT(vocab=1024, context=64, d_model=width, num_heads=width // 12, num_layers=2)
    run = train([model], batches, steps=240, rate=0.05 / width**0.5)
    nats = np.convolve([step.losses.item() for step in run], np.ones(20) / 20, "valid")[60:]
    sizes.append(sum(w.numel() for w in model.parameters()) - 64 * width)  # but for the places
    compute = 6 * sizes[-1] * 16 * 64 * np.arange(80, 241)
    scores.append(bits_per_character(model, pairs, unseen))
    bits[f"GPT, {sizes[-1]:,}"] = scores[-1]
    curves.append(np.stack([compute, nats]))
    right.plot(compute, nats, label=f"width {width}")
x, y = np.hstack(curves)[:, np.hstack(curves)[0].argsort()]
lowest = y == np.minimum.accumulate(y)  # what no smaller amount of compute had reached
fits = {}
for name, panel, c, loss in (
    ("parameters", left, np.array(sizes), scores),
    ("compute", right, x[lowest], y[lowest]),
):
    slope, start = np.polyfit(np.log(c), np.log(loss), 1)
    panel.plot(c, np.exp(start) * c**slope, "--", color="grey")
    fits[name] = slope, np.corrcoef(np.log(c), np.log(loss))[0, 1] ** 2
left.plot(sizes, scores, "o")
left.set(xlabel="parameters", ylabel="bits per character", xscale="log", yscale="log")
right.set(xlabel="floating-point operations", ylabel="nats per token", xscale="log", yscale="log")
right.legend()
plt.show()

for name, score in bits.items():
    print(f"{name:18} {score:.2f} bits per character")
for name, (slope, explained) in fits.items():
    print(
        f"loss ~ {name} to the power {slope:.3f}, which explains {explained:.1%} of its logarithm"
    )
prompt = torch.tensor([pairs.encode("Return the")])
drawn = write(model, prompt, length=40, generator=torch.Generator().manual_seed(0), top_p=0.9)
print("\nReturn the" + pairs.decode(drawn[0].tolist()))
assert scores == sorted(scores, reverse=True)
assert all(-0.15 < slope < -0.03 and explained > 0.9 for slope, explained in fits.values())
assert by_counting[2] / len(unseen) - 0.2 > scores[-1] > bits["xz"] + 0.2
