"""This is the part that the penalty takes away: strength / (a + strength). What is left free is one
less that, for each direction.
"""

import torch


def effective_dimensions(inputs, *, strength):
    a = torch.linalg.eigvalsh(inputs.T @ inputs / len(inputs))
    return (strength / (a + strength)).sum()
