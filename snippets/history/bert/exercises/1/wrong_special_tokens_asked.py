"""CLS, SEP and padding were chosen too. They are no words: there is nothing to learn from a guess
at them, and without SEP or padding the model does not know where the sentence ends.
"""

import torch


def hide(tokens, choice, fate, others):
    chosen = choice < 0.15
    inputs = torch.where(chosen & (fate < 0.8), 4, tokens)
    inputs = torch.where(chosen & (fate >= 0.8) & (fate < 0.9), others, inputs)
    return inputs, torch.where(chosen, tokens, -1)
