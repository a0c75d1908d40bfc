import torch
from jaxtyping import Float
from sklearn.datasets import load_iris
from torch import Tensor
from torch.distributions import Laplace, Normal


def fit_laplace(targets: Float[Tensor, " example"]) -> tuple[float, float]:
    """Centre and scale b of the Laplace distribution that makes the targets most likely."""
    centre = targets.median()
    return centre.item(), (targets - centre).abs().mean().item()


petals = torch.tensor(load_iris().data[:21, 2])  # petal lengths of 21 real irises, in cm
slipped = petals.clone()
slipped[0] = 14.0  # instead of 1.4
print("fit to 21 petals   Laplace: centre  mean NLL   Gaussian: centre  mean NLL")
nll = {}
for name, lengths in {"as measured": petals, "one mistyped": slipped}.items():
    laplace = Laplace(*fit_laplace(lengths))
    gaussian = Normal(lengths.mean().item(), lengths.std(correction=0).item())
    nll[name] = [-fit.log_prob(lengths).mean().item() for fit in (laplace, gaussian)]
    print(f"{name:13} {laplace.loc:20.2f} {nll[name][0]:9.2f}", end="")
    print(f" {gaussian.loc:18.2f} {nll[name][1]:9.2f}")

best = -nll["one mistyped"][0]
centre, scale = fit_laplace(slipped)
for factor in (0.9, 1.1):
    assert Laplace(centre * factor, scale).log_prob(slipped).mean() < best
    assert Laplace(centre, scale * factor).log_prob(slipped).mean() < best
assert nll["one mistyped"][0] < nll["one mistyped"][1] - 0.5
