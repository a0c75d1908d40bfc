import math

import torch
from torch.distributions import Categorical, Laplace

from dlbasic.losses.cross_entropy import cross_entropy
from dlbasic.losses.mse import l1

generator = torch.Generator().manual_seed(0)
logits, means, targets = torch.randn(3, 6, 4, generator=generator, dtype=torch.float64)
classes = torch.tensor([0, 3, 1, 1, 2, 0])
one_hot = torch.eye(4, dtype=torch.float64)[classes]

categorical_nll = -Categorical(logits=logits).log_prob(classes).mean()
laplace_nll = -Laplace(means, 1.0).log_prob(targets).sum(dim=1).mean()
entropy, absolute = cross_entropy(logits, one_hot), l1(means, targets)
rows = [
    ("categorical", categorical_nll, "cross-entropy", entropy),
    ("Laplace, 4 dim", laplace_nll, "L1", absolute),
]
print("distribution        NLL   loss              value   difference")
for distribution, nll, name, loss in rows:
    print(f"{distribution:15} {nll:7.4f}   {name:14} {loss:8.4f} {abs(nll - loss):12.4f}")

torch.testing.assert_close(categorical_nll, entropy, rtol=1e-12, atol=0)
torch.testing.assert_close(laplace_nll, absolute + 4 * math.log(2), rtol=1e-12, atol=0)
