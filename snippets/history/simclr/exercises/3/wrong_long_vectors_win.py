"""The products were not divided by the lengths, so the longest vectors are near to everybody. The
cosine knows directions only.
"""


def votes(known, labels, asked, *, k, num_classes, temperature=0.1):
    products, rows = (asked @ known.T).topk(k)
    counts = products.new_zeros(len(asked), num_classes)
    return counts.scatter_add(1, labels[rows], (products / temperature).exp())
