import torch
from scipy.stats import ttest_rel


def check(paired_gain):
    for n in (2, 5, 30):
        generator = torch.Generator().manual_seed(n)
        baseline = 80 + 5 * torch.randn(n, generator=generator, dtype=torch.float64)
        ours = baseline + 1 + torch.randn(n, generator=generator, dtype=torch.float64)
        low, high = ttest_rel(ours, baseline).confidence_interval(0.95)
        what = f"the gain and its half width over {n} paired seeds"
        yield what, paired_gain(ours, baseline), ((low + high) / 2, (high - low) / 2)
