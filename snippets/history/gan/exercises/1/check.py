import numpy as np
import torch

CASES = [
    ([0.0], [0.0]),
    ([2.0, -1.0, 0.5], [-3.0, 0.25]),
    ([-4.0], [1.0, 2.0, 3.0, -6.0]),
    ([900.0, -900.0], [-900.0, 900.0]),
]


def check(discriminator_loss, generator_loss):
    for real, fake in CASES:
        tensors = [torch.tensor(logits, dtype=torch.float64) for logits in (real, fake)]
        minus_log_d = [np.logaddexp(0, -np.array(logits)) for logits in (real, fake)]
        minus_log_not_d = np.logaddexp(0, np.array(fake))
        expected = minus_log_d[0].mean() + minus_log_not_d.mean()
        yield f"discriminator_loss({real}, {fake})", discriminator_loss(*tensors), expected
        yield f"generator_loss({fake})", generator_loss(tensors[1]), minus_log_d[1].mean()
