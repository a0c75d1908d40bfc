"""Padding counts as words. It is easy to foresee, so the perplexity looks better the more of it
there is, and depends on which sentences share a batch. Look at the real words only.
"""


def perplexity(log_probabilities, words):
    return (-log_probabilities.mean()).exp()
