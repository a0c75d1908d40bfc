"""The mean is the most likely centre of a Gaussian, whose exponent is a square. Write down the NLL
of the Laplace distribution: which loss does it hold in place of MSE?
"""


def fit_laplace(targets):
    return targets.mean().item(), targets.std(correction=0).item()
