"""You divide the squared deviations by n. They are taken from a mean that was fitted to the same n
gains, so divide by n - 1."""

from scipy.special import stdtrit
from torch import Tensor


def paired_gain(ours: Tensor, baseline: Tensor) -> tuple[float, float]:
    gains = ours - baseline
    error = gains.std(correction=0).item() / len(gains) ** 0.5
    return gains.mean().item(), float(stdtrit(len(gains) - 1, 0.975)) * error
