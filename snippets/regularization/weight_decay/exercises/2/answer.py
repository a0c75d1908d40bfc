import torch
from jaxtyping import Float
from sklearn.datasets import load_diabetes
from torch import Tensor


def effective_dimensions(
    inputs: Float[Tensor, "example dim"], *, strength: float
) -> Float[Tensor, ""]:
    """How many weights of a linear model an L2 penalty leaves free."""
    curvature = inputs.T @ inputs / len(inputs)
    a = torch.linalg.eigvalsh(curvature)
    return (a / (a + strength)).sum()


patients = 21 * torch.tensor(load_diabetes().data)  # ten measurements of 442 patients
print("strength   weights that are free, of 10")
free = [effective_dimensions(patients, strength=10.0**k) for k in range(-4, 3)]
for k, value in zip(range(-4, 3), free, strict=True):
    print(f"{10.0**k:8g} {value:12.2f}")
assert free == sorted(free, reverse=True)
assert free[0] > 9.9
