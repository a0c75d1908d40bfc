"""This is the candidate under which the flips are least likely. A log-likelihood is maximised;
only its negative, the loss, is minimised.
"""


def most_likely(candidates, flips):
    heads, tails = flips.sum(), (1 - flips).sum()
    log_likelihoods = heads * candidates.log() + tails * (1 - candidates).log()
    return candidates[log_likelihoods.argmin()]
