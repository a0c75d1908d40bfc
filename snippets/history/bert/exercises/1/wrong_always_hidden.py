"""Every token that is asked for became MASK. No MASK will be there in fine-tuning, so a tenth of
them should become another token, and a tenth should stay as they are.
"""

import torch


def hide(tokens, choice, fate, others):
    chosen = (choice < 0.15) & (tokens != 0) & (tokens != 2) & (tokens != 3)
    return torch.where(chosen, 4, tokens), torch.where(chosen, tokens, -1)
