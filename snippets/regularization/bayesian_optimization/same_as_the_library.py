import torch
from scipy.integrate import quad
from scipy.stats import norm
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

from dlbasic.regularization.bayesian_optimization import (
    GaussianProcess,
    Kernel,
    expected_improvement,
)

generator = torch.Generator().manual_seed(0)
inputs, points = torch.rand(2, 12, 2, generator=generator, dtype=torch.float64)
values = torch.sin(6 * inputs.sum(dim=1))
scales = torch.tensor([0.3, 0.8], dtype=torch.float64)
kernel = Kernel(scales, torch.tensor(1.7).double(), torch.tensor(0.01).double())

process = GaussianProcess(inputs, values, kernel)
mean, std = process.posterior(points)
library = ConstantKernel(kernel.variance.item()) * Matern(scales.numpy(), nu=2.5)
reference = GaussianProcessRegressor(library, alpha=kernel.noise.item(), optimizer=None)
reference.fit(inputs.numpy(), values.numpy())
their_mean, their_std = map(torch.tensor, reference.predict(points.numpy(), return_std=True))

best = values.min().item()
improvement = expected_improvement(process.posterior(points), best=best)
integrals = [
    quad(
        lambda y, at=at: (best - y) * norm.pdf(y, *at),
        min(at[0], best) - 9 * at[1],
        best,
        epsabs=1e-13,
    )[0]
    for at in zip(mean.tolist(), std.tolist(), strict=True)
]
integrals = torch.tensor(integrals, dtype=torch.float64)
likelihoods = process.log_marginal_likelihood(), reference.log_marginal_likelihood()
pairs = {
    "posterior mean, scikit-learn": (mean, their_mean),
    "posterior std, scikit-learn": (std, their_std),
    "log marginal likelihood, scikit-learn": likelihoods,
    "expected improvement, its integral": (improvement, integrals),
}
for name, (ours, theirs) in pairs.items():
    print(f"{name:38} differ by less than 1e-10")
    assert abs(ours - theirs).max() < 1e-10
