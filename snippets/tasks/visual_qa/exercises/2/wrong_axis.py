"""The weights of each cell sum to 1 over the questions, as if the questions shared out the cells.
Every question should share out its own look over the cells: which axis is that?
"""

import torch


def look(queries, keys, values, covered):
    fits = queries @ keys.mT / queries.shape[1] ** 0.5
    weights = fits.masked_fill(covered, -torch.inf).softmax(dim=0)
    return weights.nan_to_num() @ values
