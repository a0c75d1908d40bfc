import torch

from dlbasic.data.phrases import date_lists, date_vocabularies
from dlbasic.history import transformer
from dlbasic.history.transformer import EncoderLayer, Transformer, positions

torch.manual_seed(0)
layer, order = EncoderLayer(64, 4, 128).double(), torch.randperm(11)
x, places = torch.randn(1, 11, 64).double(), positions(11, 64)
everywhere = torch.ones(11, 11, dtype=torch.bool)
print("the words of a sentence change places: how many vectors change otherwise, of 11?")
for name, added in (("without places", 0 * places), ("with places", places)):
    vectors = layer(x + added, everywhere)
    shuffled = layer(x[:, order] + added, everywhere)
    differences = (shuffled - vectors[:, order]).abs().amax(2)
    changed = int((differences > 1e-12).sum())  # by more than rounding
    print(f"  {name:15}{changed:3}")
    assert changed == {"without places": 0, "with places": 11}[name]

english, korean = date_vocabularies()
source, target = date_lists(50, dates=3, generator=torch.Generator().manual_seed(0))
model = Transformer(len(english), layers=2, d_model=64, num_heads=4, d_ff=128)
print("\none word of the target changes: which logits change, of 12?")
causal_mask = transformer.causal_mask
for leak in (False, True):
    if leak:
        transformer.causal_mask = lambda length: torch.ones(length, length, dtype=torch.bool)
    for place in (3, 8):
        other = target[:, :-1].clone()
        other[:, place] = (other[:, place] + 7) % len(korean)
        same = (model(source, target[:, :-1]) == model(source, other)).all(2).all(0)
        text = "".join("." if each else "x" for each in same)
        print(f"  {'without' if leak else 'with'} the mask, word {place}: {text}")
        assert same.tolist() == [not leak and at < place for at in range(12)]
transformer.causal_mask = causal_mask
