from jaxtyping import Float
from torch import Tensor, nn


def fold(
    weight: Float[Tensor, "out in height width"], norm: nn.BatchNorm2d
) -> tuple[Float[Tensor, "out in height width"], Float[Tensor, " out"]]:
    """Return weight and bias of one convolution that does what the two layers do after training.

    The convolution with this weight has no bias, and `norm` follows it. After training `norm`
    uses its `running_mean` and `running_var`, and adds `eps` to the variance.
    """
    raise NotImplementedError
