"""The singular values of the inputs were taken for curvatures. A curvature is the square of one,
divided by the number of examples.
"""

import torch


def effective_dimensions(inputs, *, strength):
    a = torch.linalg.svdvals(inputs)
    return (a / (a + strength)).sum()
