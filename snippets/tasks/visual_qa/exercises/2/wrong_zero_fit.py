"""A covered cell got the fit 0 here, and exp(0) is 1: it is still looked at, and more than a cell
that fits badly. Which fit has the weight 0?
"""


def look(queries, keys, values, covered):
    fits = queries @ keys.mT / queries.shape[1] ** 0.5
    return fits.masked_fill(covered, 0).softmax(dim=1) @ values
