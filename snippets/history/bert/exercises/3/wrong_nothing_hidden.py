"""No token was hidden, so the model saw each token that it was asked for. It can copy it, and then
every sentence looks likely. Hide the token before you ask for it.
"""

import torch


def score(logits_of, tokens, *, mask):
    places = torch.arange(1, len(tokens) - 1)
    return logits_of(tokens[None])[0, places].log_softmax(dim=1)[places - 1, tokens[places]].sum()
