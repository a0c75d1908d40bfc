import torch
from torch.nn.utils.fusion import fuse_linear_bn_weights

from dlbasic.regularization.batch_normalization import BatchNorm


def check(fold):
    generator = torch.Generator().manual_seed(0)
    for channels, dim in ((1, 1), (3, 2), (4, 4)):
        layer = BatchNorm(channels, epsilon=0.1).double().eval()
        weight, bias, mean, gamma, beta = (
            torch.randn(shape, generator=generator, dtype=torch.float64)
            for shape in ((channels, dim), channels, channels, channels, channels)
        )
        layer.running_mean.copy_(mean)
        layer.running_variance.copy_(mean.square() + 0.5)
        layer.gamma.data, layer.beta.data = gamma, beta
        expected = fuse_linear_bn_weights(
            weight, bias, mean, layer.running_variance, 0.1, gamma, beta
        )
        for name, got, right in zip(
            ("weight", "bias"), fold(weight, bias, layer), expected, strict=True
        ):
            yield f"{name} of {channels} channels from {dim} inputs", got, right
