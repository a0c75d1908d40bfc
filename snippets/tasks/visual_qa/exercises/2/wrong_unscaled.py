"""The fits were not divided by the root of the number of dimensions. Products of long vectors are
large, and softmax of large numbers looks at one cell only.
"""

import torch


def look(queries, keys, values, covered):
    return (queries @ keys.mT).masked_fill(covered, -torch.inf).softmax(dim=1) @ values
