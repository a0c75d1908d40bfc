import time
import timeit

import torch

from dlbasic.data.digits import load_digits
from dlbasic.foundations.tensors import squared_distances, squared_distances_by_product


def by_loops(a, b):
    a, b = a.tolist(), b.tolist()
    rows = [[sum((p - q) ** 2 for p, q in zip(x, y, strict=True)) for y in b] for x in a]
    return torch.tensor(rows)


def seconds(function, a):
    return min(timeit.repeat(lambda: function(a, a), time.process_time, number=1, repeat=5))


images = load_digits()[0][:50].flatten(1)
slow = seconds(by_loops, images)
for function in (squared_distances, squared_distances_by_product):
    torch.testing.assert_close(function(images, images), by_loops(images, images))
    assert slow > 20 * seconds(function, images)
    print(f"{function.__name__:28}  equal to the loops, more than 20 times as fast")

print("\nadded to     largest error of                        below 0,")
print("all pixels   broadcasting   product  centred first  by product")
for shift in (0, 100, 1000, 10_000):
    x = images + shift
    exact = squared_distances(x.double(), x.double())
    centred = x - x.mean(dim=0)
    product = squared_distances_by_product(x, x)
    found = [squared_distances(x, x), product, squared_distances_by_product(centred, centred)]
    direct, worst, mended = [(each - exact).abs().max().item() for each in found]
    print(f"{shift:10,} {direct:14.2f} {worst:9.2f} {mended:14.2f} {(product < 0).sum():11}")
    assert max(direct, mended) < 0.001
    assert (worst > 5) == (shift >= 1000)
