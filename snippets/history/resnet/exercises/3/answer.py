import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from dlbasic.history.resnet import cifar_resnet


def fold(
    weight: Float[Tensor, "out in height width"], norm: nn.BatchNorm2d
) -> tuple[Float[Tensor, "out in height width"], Float[Tensor, " out"]]:
    """Return weight and bias of one convolution that does what the two layers do after training."""
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    return scale[:, None, None, None] * weight, norm.bias - scale * norm.running_mean


layers = cifar_resnet(1).blocks[0].residual
images = torch.rand(64, 16, 8, 8, generator=torch.Generator().manual_seed(0))
for _ in range(20):
    layers(images)  # in training: norm learns its running averages
convolution, norm = layers.eval()[:2]
weight, bias = fold(convolution.weight, norm)
two, one = norm(convolution(images)), functional.conv2d(images, weight, bias, padding=1)
print("one layer does what two did, up to rounding:", torch.allclose(one, two, atol=1e-5))
torch.testing.assert_close(one, two, rtol=1e-4, atol=1e-5)
