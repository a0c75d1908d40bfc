"""You return how far one seed lies from the mean. The mean of n seeds is surer than a single one,
by the root of n."""

from scipy.special import stdtrit
from torch import Tensor


def paired_gain(ours: Tensor, baseline: Tensor) -> tuple[float, float]:
    gains = ours - baseline
    return gains.mean().item(), float(stdtrit(len(gains) - 1, 0.975)) * gains.std().item()
