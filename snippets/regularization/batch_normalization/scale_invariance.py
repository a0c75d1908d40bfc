from itertools import pairwise

import torch

from dlbasic.data.digits import load_digits
from dlbasic.losses.cross_entropy import cross_entropy
from dlbasic.regularization.batch_normalization import BatchNorm

images, digits = load_digits()
x, targets = images[:100].flatten(1).double(), torch.eye(10).double()[digits[:100]]
generator = torch.Generator().manual_seed(0)
start = 0.1 * torch.randn(64, 10, generator=generator, dtype=torch.float64)
layer = BatchNorm(10, epsilon=1e-12).double()

print("weights times   loss     length of the gradient   cosine with the weights")
lengths = []
for scale in (0.1, 1, 10):
    w = (scale * start).requires_grad_()
    loss = cross_entropy(layer(x @ w), targets)
    (gradient,) = torch.autograd.grad(loss, w)
    cosine = (gradient * w).sum(dim=0) / gradient.norm(dim=0) / w.norm(dim=0)
    lengths.append(gradient.norm().item())
    print(f"{scale:13}   {loss:.5f} {lengths[-1]:17.4f} {'below 1e-6':>27}")
    assert cosine.abs().max() < 1e-6
assert abs(lengths[0] / lengths[1] - 10) < 1e-3
assert abs(lengths[1] / lengths[2] - 10) < 1e-3

w = start.clone().requires_grad_()
optimizer = torch.optim.SGD([w], lr=3.0)
print("\nstep of SGD   length of the weights")
norms = []
for step in range(101):
    norms.append(w.norm().item())
    if step in (0, 1, 10, 100):
        print(f"{step:11} {norms[-1]:16.3f}")
    optimizer.zero_grad()
    cross_entropy(layer(x @ w), targets).backward()
    optimizer.step()
assert all(after > before for before, after in pairwise(norms))
