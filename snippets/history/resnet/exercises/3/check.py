import torch
from torch import nn
from torch.nn import functional


def check(fold):
    for before, after, eps in [(1, 2, 1e-5), (3, 3, 1e-5), (2, 4, 0.1)]:
        generator = torch.Generator().manual_seed(after)
        weight = torch.randn(after, before, 3, 3, generator=generator, dtype=torch.float64)
        images = torch.randn(2, before, 5, 5, generator=generator, dtype=torch.float64)
        norm = nn.BatchNorm2d(after, eps=eps).double().eval()
        for values in (norm.weight.data, norm.bias.data, norm.running_mean, norm.running_var):
            values.copy_(torch.rand(after, generator=generator) + 0.2)
        expected = norm(functional.conv2d(images, weight)).detach()
        folded = functional.conv2d(images, *fold(weight, norm)).detach()
        yield f"fold of {before} into {after} channels, eps={eps}: the output", folded, expected
