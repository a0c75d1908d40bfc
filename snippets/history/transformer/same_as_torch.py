import torch
from torch.nn.functional import scaled_dot_product_attention

from dlbasic.history.transformer import MultiHeadAttention, Transformer, attention, causal_mask

torch.manual_seed(0)
q, k, v = (torch.randn(2, 5, 8, dtype=torch.float64, requires_grad=True) for _ in range(3))
ours, library = MultiHeadAttention(8, 2).double(), torch.nn.MultiheadAttention(8, 2).double()
library.batch_first = True
projections = (ours.query, ours.key, ours.value)
library.in_proj_weight.data = torch.cat([each.weight.data for each in projections])
library.in_proj_bias.data = torch.cat([each.bias.data for each in projections])
library.out_proj.load_state_dict(ours.output.state_dict())

mask = causal_mask(5)
pairs = {
    "attention": (attention(q, k, v, mask), scaled_dot_product_attention(q, k, v, mask)),
    "with two heads": (ours(q, k, v, mask), library(q, k, v, attn_mask=~mask)[0]),
}
print("compared with torch                 largest difference")
for name, (one, other) in pairs.items():
    gradients = [torch.autograd.grad(each.sin().sum(), (q, k, v)) for each in (one, other)]
    differences = [(a - b).abs().max() for a, b in zip(*gradients, strict=True)]
    assert max(*differences, (one - other).abs().max()) < 1e-12
    print(f"{name:15} value and gradient       below 1e-12")

with torch.device("meta"):  # a device without memory: shapes only
    base = Transformer(37_000)
    big = Transformer(37_000, d_model=1024, num_heads=16, d_ff=4096)
    torch_s = torch.nn.Transformer(batch_first=True)


def count(module):
    return sum(weight.numel() for weight in module.parameters())


biases = sum(w.numel() for name, w in base.named_parameters() if "ttention" in name and w.ndim == 1)
with_norms = count(torch_s) + count(base.embedding)
print("\nnumber of weights, with 37,000 words                    paper, table 3")
print(f"base, as in figure 1                     {count(base):12,}   65 million")
print(f"  of them the embedding                  {count(base.embedding):12,}")
print(f"  and biases of the attention            {biases:12,}")
print(f"base, with torch.nn.Transformer's norms  {with_norms:12,}   65 million")
print(f"big, as in figure 1                      {count(big):12,}   213 million")
assert (count(base), with_norms) == (63_082_496, 63_084_544)
assert count(base) < 65e6 - 1.9e6
words = (65e6 - count(base) + count(base.embedding)) / 512
print(f"65 million would take a vocabulary of {words:,.0f} words")
