import math

import torch
from jaxtyping import Float
from torch import Tensor


def bits_per_byte(nats: Float[Tensor, " token"], texts: list[str]) -> float:
    """Return how many bits a model needs for a byte (UTF-8) of a text."""
    return nats.sum().item() / math.log(2) / len("".join(texts).encode())


whole, halves = ["learning"], ["learn", "ing"]
print("one text, cut in two ways, by models that find it equally likely")
for name, texts in {"one token": whole, "two tokens": halves}.items():
    nats = torch.full((len(texts),), 12.0 / len(texts))
    print(f"{name:10}  {nats.mean():5.1f} nats per token   {bits_per_byte(nats, texts):.2f} bits")
assert bits_per_byte(torch.tensor([12.0]), whole) == bits_per_byte(torch.tensor([6.0, 6]), halves)
