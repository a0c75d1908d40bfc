import matplotlib.pyplot as plt
import torch

from dlbasic.data.byte_pairs import BytePairs, learn
from dlbasic.data.standard_library import bits_by_compressing, bits_by_counting, load_documents
from dlbasic.history.gpt import GPT, bits_per_character, power_law, train, windows, write

documents = load_documents()
text = "\n\n".join(document for k, document in enumerate(documents) if k % 10)
unseen = "\n\n".join(documents[::10])
both = text.encode(), unseen.encode()
bits = {f"counts, {k} before": b for k, b in enumerate(bits_by_counting(*both, order=5))}
bits = {name: b / len(unseen) for name, b in (bits | bits_by_compressing(*both)).items()}
pairs = BytePairs(learn(text, merges=768))
rows = windows(pairs.encode(text), length=65)
order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(0))[: 240 * 16]
batches = rows[order].view(240, 1, 16, 65)  # no window comes twice
_, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), layout="constrained")
sizes, scores, curves = [], [], []
for width in (12, 24, 48, 96):
    torch.manual_seed(0)
    model = GPT(vocab=1024, context=64, d_model=width, num_heads=width // 12, num_layers=2)
    losses = [s.losses for s in train([model], batches, steps=240, rate=0.05 / width**0.5)]
    nats = torch.cat(losses).unfold(0, 20, 1).mean(1)[60:]  # smooth, without the first updates
    sizes.append(sum(w.numel() for w in model.parameters()) - 64 * width)  # but for the places
    scores.append(bits_per_character(model, pairs, unseen))
    bits[f"GPT, {sizes[-1]:,}"] = scores[-1]
    curves.append(torch.stack([6 * sizes[-1] * 16 * 64 * torch.arange(80, 241), nats]))
    right.plot(*curves[-1], label=f"width {width}")
compute, nats = torch.cat(curves, 1)[:, torch.cat(curves, 1)[0].argsort()].double()
best = nats == nats.cummin(0).values  # what no smaller amount of compute has reached
points = {"parameters": (left, sizes, scores), "compute": (right, compute[best], nats[best])}
for name, score in bits.items():
    print(f"{name:18} {score:.2f} bits per character")
for name, (panel, x, loss) in points.items():
    alpha, scale, explained = power_law(x, loss)
    print(f"loss = ({scale:.1e} / {name}) ** {alpha:.3f} explains {explained:.1%} of its logarithm")
    panel.loglog(x, (scale / torch.as_tensor(x)) ** alpha, "--", color="grey")
    assert 0.03 < alpha < 0.15
    assert explained > 0.9
left.loglog(sizes, scores, "o")
left.set(xlabel="parameters", ylabel="bits per character", xticks=sizes, xticklabels=sizes)
left.xaxis.set_minor_formatter("")
right.set(xlabel="floating-point operations", ylabel="nats per token")
right.legend()
plt.show()
generator, prompt = torch.Generator().manual_seed(0), torch.tensor([pairs.encode("Return the")])
drawn = write(model, prompt, length=40, generator=generator, top_p=0.9)
print("\nReturn the" + pairs.decode(drawn[0].tolist()))
assert bits["counts, 2 before"] - 0.2 > scores[-1] > bits["xz"] + 0.2
