import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import softplus

from dlbasic.losses.cross_entropy import cross_entropy


def binary_cross_entropy(
    logits: Float[Tensor, " example"],
    targets: Float[Tensor, " example"],
) -> Float[Tensor, ""]:
    """Surprise at a yes or no, in nats, averaged over the examples."""
    return (softplus(logits) - targets * logits).mean()


print("logit of yes   target   loss   two logits   log of a sigmoid")
for logit, target in [(0.0, 1.0), (3.0, 1.0), (3.0, 0.0), (200.0, 0.0)]:
    z, y = torch.tensor([logit]), torch.tensor([target])
    ours = binary_cross_entropy(z, y)
    both = cross_entropy(torch.stack([0 * z, z], dim=1), torch.stack([1 - y, y], dim=1))
    p = z.sigmoid()
    careless = -(p if target else 1 - p).log().mean()
    print(f"{logit:12} {target:8} {ours:6.2f} {both:12.2f} {careless:18.2f}")
    torch.testing.assert_close(ours, both)
assert careless.isinf()
assert ours == 200
