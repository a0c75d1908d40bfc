import math

import torch

from dlbasic.losses.likelihood import gaussian_log_likelihood
from dlbasic.losses.mse import mse

print("D   log-likelihood   -MSE/2 - D/2 log 2π   their gradients, divided")
for num_dimensions in [1, 3, 100]:
    generator = torch.Generator().manual_seed(num_dimensions)
    shape = (8, num_dimensions)
    targets = torch.randn(shape, generator=generator, dtype=torch.float64)
    means = torch.randn(shape, generator=generator, dtype=torch.float64, requires_grad=True)

    likelihood = gaussian_log_likelihood(means, targets)
    distance = mse(means, targets)
    from_mse = -distance / 2 - num_dimensions / 2 * math.log(2 * math.pi)
    (uphill,) = torch.autograd.grad(likelihood, means)
    (gradient,) = torch.autograd.grad(distance, means)
    ratio = (uphill / gradient).mean()
    print(f"{num_dimensions:<3} {likelihood:14.6f} {from_mse:21.6f} {ratio:26.3f}")

    torch.testing.assert_close(likelihood, from_mse, rtol=1e-12, atol=0)
    torch.testing.assert_close(uphill, -gradient / 2, rtol=1e-12, atol=0)
