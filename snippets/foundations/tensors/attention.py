import torch

from dlbasic.foundations.tensors import einsum

generator = torch.Generator().manual_seed(0)
batch, time, head, dim = 2, 4, 4, 8
q, k, v = torch.randn(3, batch, time, head, dim, generator=generator, dtype=torch.float64)

scores = einsum("bihd,bjhd->bhij", q, k)  # each query against each key, in each head
mixed = einsum("bhij,bjhd->bihd", scores.softmax(dim=-1), v)  # weighted averages of the values

by_hand = q.transpose(1, 2) @ k.transpose(1, 2).transpose(2, 3)
unswapped = q @ k.transpose(2, 3)  # heads against heads, within each time step
print(f"scores               {tuple(scores.shape)}")
for name, other in {
    "torch.einsum": torch.einsum("bihd,bjhd->bhij", q, k),
    "three transposes, @": by_hand,
    "one transpose, @": unswapped,
}.items():
    same = "the same numbers" if torch.allclose(other, scores) else "other numbers"
    print(f"{name:20} {tuple(other.shape)}  {same}")

narrow = k[..., :1]  # one dimension where the query has eight
print(f"\ntorch.einsum         {tuple(torch.einsum('bihd,bjhd->bhij', q, narrow).shape)}")
try:
    einsum("bihd,bjhd->bhij", q, narrow)
except ValueError as error:
    print(f"einsum of this page  {error}")
else:
    raise AssertionError("two sizes of one letter must be refused")

torch.testing.assert_close(scores, by_hand)
assert mixed.shape == v.shape
assert unswapped.shape == scores.shape
assert not torch.allclose(unswapped, scores)
