import numpy as np
import torch
from sklearn.model_selection import LeaveOneGroupOut

CASES = [[0, 0, 1, 1, 2], [5, 3, 5, 3, 3, 8], [1, 2]]


def check(leave_groups_out):
    for groups in CASES:
        library = LeaveOneGroupOut().split(np.zeros(len(groups)), groups=groups)
        expected = [(train.tolist(), held_out.tolist()) for train, held_out in library]
        yield f"leave_groups_out({groups})", leave_groups_out(torch.tensor(groups)), expected
