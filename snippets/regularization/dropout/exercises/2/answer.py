import torch
from jaxtyping import Float
from torch import Tensor


def disagreement(
    probabilities: Float[Tensor, "sample example class"],
) -> Float[Tensor, " example"]:
    """Entropy of the mean of the samples, less the mean of their entropies, in nats."""

    def entropy(rows):
        return -torch.xlogy(rows, rows).sum(dim=-1)

    return entropy(probabilities.mean(dim=0)) - entropy(probabilities).mean(dim=0)


sure = torch.tensor([1.0, 0.0])
torn = torch.tensor([0.5, 0.5])
samples = torch.stack(
    [torch.stack([sure, torn, sure]), torch.stack([sure, torn, 1 - sure])]
)  # two subnetworks, three examples
for name, value in zip(
    ("both sure, and agreed", "both torn, and agreed", "both sure, and opposed"),
    disagreement(samples),
    strict=True,
):
    print(f"{name:24} {value.item():z.3f} nats")
assert disagreement(samples).argmax() == 2
