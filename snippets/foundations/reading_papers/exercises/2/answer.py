import torch
from scipy.special import stdtrit
from torch import Tensor


def paired_gain(ours: Tensor, baseline: Tensor) -> tuple[float, float]:
    """Mean gain over the baseline, and half the width of its 95% interval."""
    gains = ours - baseline
    standard_error = gains.std() / len(gains) ** 0.5
    return gains.mean().item(), float(stdtrit(len(gains) - 1, 0.975)) * standard_error.item()


easy_or_hard = 5 * torch.randn(10, generator=torch.Generator().manual_seed(0))
baseline = 80 + easy_or_hard
ours = 81 + easy_or_hard + 0.3 * torch.randn(10, generator=torch.Generator().manual_seed(1))
mean, half_width = paired_gain(ours, baseline)
print(f"each alone: {baseline.std():.1f} and {ours.std():.1f} points between splits")
print(f"the gain:   {mean:.1f} ± {half_width:.1f} points")
assert mean > half_width
