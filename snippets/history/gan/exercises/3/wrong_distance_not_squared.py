"""The means enter with their distance, and the rest with its square. The distance of the two
Gaussians is squared as a whole, so the means enter with the square, too.
"""

import torch


def frechet(mean, covariance, other_mean, other_covariance):
    eigenvalues = torch.linalg.eigvals(covariance @ other_covariance).real.clamp(min=0)
    between = (mean - other_mean).norm()
    return between + (covariance + other_covariance).trace() - 2 * eigenvalues.sqrt().sum()
