import torch
from torch import nn

from dlbasic.regularization.batch_normalization import BatchNorm

generator = torch.Generator().manual_seed(0)
kinds = {(8, 3): nn.BatchNorm1d, (4, 3, 5, 5): nn.BatchNorm2d}  # features, and images
print("largest value of    output    gradient        mean    variance   difference from torch")
for shape, kind in kinds.items():
    x = 4 * torch.randn(shape, generator=generator, dtype=torch.float64) + 7
    dy = torch.randn(shape, generator=generator, dtype=torch.float64)
    results = []
    for layer in (BatchNorm(3).double(), kind(3).double()):
        leaf = x.clone().requires_grad_()
        y = layer(leaf)
        (y * dy).sum().backward()
        results.append([y, leaf.grad, *list(layer.buffers())[:2]])
    for ours, library in zip(*results, strict=True):
        torch.testing.assert_close(ours, library, rtol=1e-12, atol=1e-12)
    sizes = "  ".join(f"{tensor.abs().max():10.3f}" for tensor in results[0])
    print(f"{shape!s:15} {sizes}   all within 1e-12")
