import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import linear

from dlbasic.regularization.batch_normalization import BatchNorm


def fold(
    weight: Float[Tensor, "channel dim"], bias: Float[Tensor, " channel"], layer: BatchNorm
) -> tuple[Float[Tensor, "channel dim"], Float[Tensor, " channel"]]:
    """Weights and bias of one linear map that equals this one followed by `layer` in evaluation."""
    scale = layer.gamma / (layer.running_variance + layer.epsilon).sqrt()
    return scale[:, None] * weight, scale * (bias - layer.running_mean) + layer.beta


torch.manual_seed(0)
layer, before = BatchNorm(3), torch.nn.Linear(5, 3)
for _ in range(50):
    layer(before(torch.randn(20, 5) + 2))
layer.eval()
x = torch.randn(4, 5)
with torch.no_grad():
    together = layer(before(x))
    one = linear(x, *fold(before.weight, before.bias, layer))
print(f"largest difference below 1e-5: {bool((one - together).abs().max() < 1e-5)}")
torch.testing.assert_close(one, together)
