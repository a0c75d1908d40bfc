"""A token that was chosen and stays is no longer asked for. It must be: the model should learn
that a token that it sees may be right or wrong, and say what belongs there in either case.
"""

import torch


def hide(tokens, choice, fate, others):
    chosen = (choice < 0.15) & (tokens != 0) & (tokens != 2) & (tokens != 3) & (fate < 0.9)
    inputs = torch.where(chosen & (fate < 0.8), 4, tokens)
    inputs = torch.where(chosen & (fate >= 0.8), others, inputs)
    return inputs, torch.where(chosen, tokens, -1)
