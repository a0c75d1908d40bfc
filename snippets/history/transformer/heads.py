import matplotlib.pyplot as plt
import torch

from dlbasic.data.phrases import SPECIAL, date_batches, date_lists, date_vocabularies
from dlbasic.history.transformer import Transformer, attention, share_vocabulary, train

english, korean = date_vocabularies()
models = []
for seed in range(10):
    torch.manual_seed(seed)
    vocab = len(english) + len(korean) - len(SPECIAL)
    models.append(Transformer(vocab, layers=1, d_model=64, num_heads=2, d_ff=128))
batches = date_batches(10, dates=2, steps=160)
shared = (share_vocabulary(each, source_vocab=len(english)) for each in batches)
list(train(models, shared, steps=160, warmup=400))


def look(module, inputs, _):
    q, k = module.split(module.query(inputs[0])), module.split(module.key(inputs[1]))
    looks.append(attention(q, k, torch.eye(k.shape[2]).expand(*k.shape[:3], -1))[:, :, :7, :7])


pairs = date_lists(200, dates=2, generator=torch.Generator().manual_seed(1))
source, target = share_vocabulary(pairs, source_vocab=len(english))
same = [2, 1, 0, 3, 6, 5, 4]  # where the English word of the same meaning stands
on_it, looks = torch.zeros(10, 2), []
for seed, model in enumerate(reversed(models)):  # the first model comes last
    looks.clear()
    for layer in (model.encoder[0].attention, model.decoder[0].source_attention):
        layer.register_forward_hook(look)
    with torch.no_grad():
        model(source, target[:, :-1])
    on_it[seed] = looks[1][..., range(7), same].mean((0, 2))
print("weight on the word of the same meaning, 10 seeds, 2 heads each")
print(f"mean {on_it.mean():.2f}, lowest {on_it.min():.2f}, if spread evenly {1 / 7:.2f}")

roman = str.maketrans({"년": "-nyeon", "월": "-wol", "일": "-il", "및": "mit"})
reads, writes = english.decode(source[0]), korean.decode(pairs.target[0])
_, panels = plt.subplots(2, 2, figsize=(7, 7), layout="constrained")
x, y = torch.meshgrid(torch.arange(7), torch.arange(7), indexing="xy")
for row, rows, what in ((0, reads, "encoder"), (1, writes, "from decoder to source")):
    for head in (0, 1):
        axes = panels[row, head]
        axes.scatter(x, y, s=200 * looks[row][0, head], marker="s")
        axes.set_xticks(range(7), reads, rotation=60)
        axes.set_yticks(range(7), [word.translate(roman) for word in rows])
        axes.set_title(f"{what}, head {head + 1}")
        axes.invert_yaxis()
plt.show()
assert on_it.min() > 0.3  # every head of every model
