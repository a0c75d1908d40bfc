import torch
from jaxtyping import Float
from sklearn.datasets import load_diabetes
from torch import Tensor


def best_for_mse(targets: Float[Tensor, "example dim"]) -> Float[Tensor, " dim"]:
    """The row with the smallest mean squared error, if it is predicted for every example."""
    return targets.mean(dim=0)


def best_for_l1(targets: Float[Tensor, "example dim"]) -> Float[Tensor, " dim"]:
    """Likewise, the row with the smallest absolute error."""
    return targets.median(dim=0).values


disease = torch.tensor(load_diabetes().target[:41, None])  # 41 real patients, one year later
slipped = disease.clone()
slipped[0] *= 10  # one zero too many
print("one number for 41 patients, and with one of them mistyped")
moved = {}
for name, best in {"MSE": best_for_mse, "L1": best_for_l1}.items():
    clean, pulled = best(disease).item(), best(slipped).item()
    moved[name] = abs(pulled - clean)
    print(f"{name:3} {clean:8.1f} {pulled:8.1f}")
assert moved["MSE"] > 10 * moved["L1"]
