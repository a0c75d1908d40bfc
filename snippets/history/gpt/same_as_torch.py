from functools import partial

import torch
from torch import nn
from torch.nn.functional import gelu

from dlbasic.history.gpt import GPT

torch.manual_seed(0)
ours = GPT(vocab=30, context=20, d_model=24, num_heads=4, num_layers=3).double()
activation = partial(gelu, approximate="tanh")
layer = nn.TransformerEncoderLayer(24, 4, 96, 0.0, activation, norm_first=True, batch_first=True)
library = nn.TransformerEncoder(layer, 3, nn.LayerNorm(24), enable_nested_tensor=False).double()
for mine, theirs in zip(ours.blocks, library.layers, strict=True):
    theirs.self_attn.in_proj_weight = mine.attention.qkv.weight
    theirs.self_attn.in_proj_bias = mine.attention.qkv.bias
    theirs.self_attn.out_proj = mine.attention.output
    theirs.linear1, theirs.linear2 = mine.widen, mine.narrow

tokens = torch.randint(30, (2, 20))
mask = nn.Transformer.generate_square_subsequent_mask(20, dtype=torch.float64)
places = torch.arange(20)
mixed = library(ours.embedding(tokens) + ours.place(places), mask)
difference = (ours(tokens) - mixed @ ours.embedding.weight.mT).abs().max()
assert difference < 1e-12
print("largest difference from torch's layers: below 1e-12")

changed = tokens.clone()
changed[:, 12:] = 29 - changed[:, 12:]
same = (ours(tokens) == ours(changed)).all(dim=2).all(dim=0)
assert same[:12].all()
assert not same[12:].any()
print(f"with 8 of 20 tokens changed, {same.sum()} places have the logits that they had")

print("\nthe sizes of GPT-2    parameters")
sizes = {}
for layers, width, heads in [(12, 768, 12), (24, 1024, 16), (36, 1280, 20), (48, 1600, 25)]:
    with torch.device("meta"):  # shapes without numbers
        model = GPT(num_layers=layers, d_model=width, num_heads=heads)
    sizes[layers] = sum(weight.numel() for weight in model.parameters())
    print(f"{layers} layers of {width:4} {sizes[layers]:16,}")
assert (sizes[12], sizes[36], sizes[48]) == (124_439_808, 774_030_080, 1_557_611_200)
