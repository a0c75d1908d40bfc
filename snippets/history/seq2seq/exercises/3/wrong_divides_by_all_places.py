"""The padding is out of the sum, but not out of the number by which the sum is divided. Divide by
the number of real words.
"""

import torch


def perplexity(log_probabilities, words):
    return (-torch.where(words != 0, log_probabilities, 0.0).mean()).exp()
