from jaxtyping import Float
from torch import Tensor

from dlbasic.regularization.batch_normalization import BatchNorm


def fold(
    weight: Float[Tensor, "channel dim"], bias: Float[Tensor, " channel"], layer: BatchNorm
) -> tuple[Float[Tensor, "channel dim"], Float[Tensor, " channel"]]:
    """Weights and bias of one linear map that equals this one followed by `layer` in evaluation."""
    raise NotImplementedError
