def count_parameters(n: int, *, filters: int) -> int:
    """Return how many parameters the network of 6n + 2 layers has, for images of three channels."""

    def layer(before: int, after: int) -> int:
        return 9 * before * after + 2 * after  # the weights, and batch norm's scale and shift

    total, before = layer(3, filters), filters
    for width in (filters, 2 * filters, 4 * filters):
        total += layer(before, width) + (2 * n - 1) * layer(width, width)
        before = width
    return total + 10 * before + 10


for n in (3, 5, 7, 9, 18):
    print(f"{6 * n + 2:4} layers: {count_parameters(n, filters=16):10,}")
assert round(count_parameters(3, filters=16) / 1e6, 2) == 0.27  # table 6 of the paper
assert round(count_parameters(18, filters=16) / 1e6, 1) == 1.7
