"""You add the two variances, as if each classifier had got examples of its own. They answered the
same ones: look at the difference on each example first.
"""


def gain(first, second):
    first, second = first.double(), second.double()
    error = (first.var() + second.var()).div(len(first)).sqrt()
    return (second.mean() - first.mean()).item(), error.item()
