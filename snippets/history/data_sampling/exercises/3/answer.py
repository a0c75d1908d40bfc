import torch
from jaxtyping import Float
from torch import Tensor


def labels_worth(
    labels: Float[Tensor, " size"], accuracy: Float[Tensor, " size"], reached: float
) -> float:
    """Number of real labels at which the curve of the accuracy crosses the one that was reached."""
    right = int((accuracy < reached).sum().clamp(min=1))
    share = (reached - accuracy[right - 1]) / (accuracy[right] - accuracy[right - 1])
    low, high = labels[right - 1].log(), labels[right].log()
    return (low + share * (high - low)).exp().item()


sizes = torch.tensor([10.0, 100.0, 1000.0])
curve = torch.tensor([0.6, 0.9, 0.98])
print("accuracy   is worth so many labels")
for reached in (0.6, 0.75, 0.9, 0.94, 0.96):
    print(f"{reached:8} {labels_worth(sizes, curve, reached):12.0f}")
first, second = labels_worth(sizes, curve, 0.92), labels_worth(sizes, curve, 0.96)
assert second > 3 * first  # each further hundredth is dearer
