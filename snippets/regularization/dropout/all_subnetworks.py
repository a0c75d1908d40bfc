from itertools import product

import torch
from sklearn.datasets import load_diabetes

from dlbasic.regularization.dropout import dropout, penalty

data = load_diabetes()  # ten measurements of 442 patients, and how ill each was a year later
patients = 20 * torch.tensor(data.data)
severity = torch.tensor(data.target) / 100
generator = torch.Generator().manual_seed(0)
weights = torch.randn(10, 3, dtype=torch.float64, generator=generator) / 4
masks = torch.tensor(list(product((0.0, 1.0), repeat=10)), dtype=torch.float64)

print("rate   squared error   mean of 1,024 subnetworks   error + penalty")
for rate in (0.2, 0.5, 0.8):
    chance = (rate ** (1 - masks) * (1 - rate) ** masks).prod(dim=1)
    outputs = torch.stack(
        [dropout(patients, mask.expand(442, 10), rate=rate) @ weights for mask in masks]
    )
    # As noise: one output is a prediction, and the masks add a penalty to its error.
    error = ((patients @ weights[:, 0] - severity) ** 2).mean()
    mean = chance @ ((outputs[..., 0] - severity) ** 2).mean(dim=1)
    both = error + penalty(weights[:, 0], patients, rate=rate)
    print(f"{rate:4} {error:15.3f} {mean:27.3f} {both:17.3f}")
    assert abs(mean - both) < 1e-10

    # As an ensemble: three outputs are logits, and the masks are averaged by leaving none out.
    logs = torch.einsum("m,mec->ec", chance, outputs.log_softmax(dim=2))
    geometric_mean = logs.softmax(dim=1)
    assert (geometric_mean - (patients @ weights).softmax(dim=1)).abs().max() < 1e-10
