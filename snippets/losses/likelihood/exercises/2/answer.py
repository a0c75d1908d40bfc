import torch
from jaxtyping import Float
from torch import Tensor


def poisson_nll(
    log_rates: Float[Tensor, "example dim"],
    counts: Float[Tensor, "example dim"],
) -> Float[Tensor, ""]:
    """Negative log-likelihood of the counts, summed over dimensions, averaged over examples."""
    log_probabilities = counts * log_rates - log_rates.exp() - torch.lgamma(counts + 1)
    return -log_probabilities.sum(dim=1).mean()


seen = [109, 65, 22, 3, 1]  # corps and years with 0, 1, 2, 3 and 4 deaths
deaths = torch.arange(5.0).repeat_interleave(torch.tensor(seen))[:, None]
rates = torch.arange(0.01, 2, 0.01)
losses = [poisson_nll(torch.full_like(deaths, rate).log(), deaths) for rate in rates]
best = rates[torch.stack(losses).argmin()]
print(f"most likely rate {best:.2f}, average count {deaths.mean():.2f}")

print("deaths   seen   predicted")
for count, number in enumerate(seen):
    nll = poisson_nll(best.log().view(1, 1), torch.tensor([[float(count)]]))
    print(f"{count:6} {number:6} {200 * (-nll).exp():11.1f}")
    assert abs(200 * (-nll).exp() - number) < 5
assert abs(best - deaths.mean()) < 0.005
