"""You multiply by 1.96, which holds for many seeds. Few seeds also leave their own spread unsure:
use Student's quantile with n - 1 degrees of freedom."""

from torch import Tensor


def paired_gain(ours: Tensor, baseline: Tensor) -> tuple[float, float]:
    gains = ours - baseline
    return gains.mean().item(), 1.959964 * gains.std().item() / len(gains) ** 0.5
