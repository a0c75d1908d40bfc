import torch
from jaxtyping import Float
from torch import Tensor


def nucleus(logits: Float[Tensor, " vocab"], *, top_p: float) -> Float[Tensor, " vocab"]:
    """Return p of each token if only the likeliest may be drawn, the fewest that reach `top_p`."""
    p, order = logits.softmax(dim=0).sort(descending=True)
    before = p.cumsum(dim=0) - p
    kept = torch.zeros_like(p)
    kept[order] = p * (before < top_p)
    return kept / kept.sum()


sure = torch.tensor([0.1, 6.0, 0.0, -0.3, 0.2])
unsure = torch.tensor([0.1, 0.4, 0.0, -0.3, 0.2])
print("with top-p 0.8")
for name, logits in {"sure": sure, "unsure": unsure}.items():
    print(f"{name:8}", *(f"{p:.2f}" for p in nucleus(logits, top_p=0.8)))
assert nucleus(sure, top_p=0.8).count_nonzero() == 1
assert nucleus(unsure, top_p=0.8).count_nonzero() == 4  # what top-k cannot do: as many as it needs
