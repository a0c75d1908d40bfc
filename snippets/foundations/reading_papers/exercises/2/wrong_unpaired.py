"""You add up the spreads of the two columns. Take the difference first, seed by seed: what makes
a split hard for both cancels."""

from scipy.special import stdtrit
from torch import Tensor


def paired_gain(ours: Tensor, baseline: Tensor) -> tuple[float, float]:
    error = ((ours.var() + baseline.var()) / len(ours)).sqrt()
    half_width = float(stdtrit(len(ours) - 1, 0.975)) * error.item()
    return (ours.mean() - baseline.mean()).item(), half_width
