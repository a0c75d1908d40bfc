import torch
from torch import nn

from dlbasic.history.bert import Bert, MaskedLanguageModel

with torch.device("meta"):  # shapes without numbers: the base model takes no memory
    sizes = {"base": Bert(), "large": Bert(layers=24, dim=1024, heads=16)}
for name, model in sizes.items():
    print(f"{name:6} {sum(weight.numel() for weight in model.parameters()):12,} parameters")
assert sum(weight.numel() for weight in sizes["base"].parameters()) == 109_482_240

torch.manual_seed(0)
ours = MaskedLanguageModel(Bert(50, layers=3, dim=24, heads=4, positions=12)).double()
layer = nn.TransformerEncoderLayer(
    24, 4, 96, dropout=0, activation="gelu", layer_norm_eps=1e-12, batch_first=True
)
library = nn.TransformerEncoder(layer, 3, enable_nested_tensor=False).double()
for mine, other in zip(ours.bert.layers, library.layers, strict=True):
    parts = mine.attention.query, mine.attention.key, mine.attention.value
    other.self_attn.in_proj_weight.data = torch.cat([part.weight.data for part in parts])
    other.self_attn.in_proj_bias.data = torch.cat([part.bias.data for part in parts])
    other.self_attn.out_proj.load_state_dict(mine.attention.output.state_dict())
    other.linear1.load_state_dict(mine.feed_forward[0].state_dict())
    other.linear2.load_state_dict(mine.feed_forward[2].state_dict())
    other.norm1.load_state_dict(mine.norm1.state_dict())
    other.norm2.load_state_dict(mine.norm2.state_dict())

tokens = torch.randint(5, 50, (8, 12))
embedded = ours.bert.words(tokens) + ours.bert.positions.weight + ours.bert.segments.weight[0]
one, two = ours.bert(tokens), library(ours.bert.norm(embedded))
table = ours.bert.words.weight
gradients = [torch.autograd.grad(each.pow(3).sum(), table)[0] for each in (one, two)]
print("\ncompared with torch.nn.TransformerEncoder   largest difference")
for name, mine, theirs in [("vectors", one, two), ("gradient of the embeddings", *gradients)]:
    assert (mine - theirs).abs().max() < 1e-10
    print(f"{name:43} below 1e-10")
