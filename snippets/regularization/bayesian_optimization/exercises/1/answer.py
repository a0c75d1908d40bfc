import torch
from jaxtyping import Float
from torch import Tensor

from dlbasic.regularization.bayesian_optimization import Posterior, expected_improvement


def probability_of_improvement(
    mean: Float[Tensor, " point"], std: Float[Tensor, " point"], *, best: float
) -> Float[Tensor, " point"]:
    """Return the probability that a value falls below `best`; lower is better."""
    return torch.special.ndtr((best - mean) / std)


mean, std = torch.tensor([0.99, 1.2]), torch.tensor([0.01, 0.5])  # safe and small, or a gamble
probability = probability_of_improvement(mean, std, best=1.0)
expected = expected_improvement(Posterior(mean, std), best=1.0)
print("               beside the best   far away")
print(f"probability    {probability[0]:15.2f} {probability[1]:10.2f}")
print(f"expected gain  {expected[0]:15.3f} {expected[1]:10.3f}")
assert probability[0] > probability[1]  # probability does not ask by how much
assert expected[0] < expected[1]
