import torch
from sklearn.neighbors import KNeighborsClassifier

from dlbasic.foundations.hierarchy import deal


def check(read_by_neighbours):
    line = torch.tensor([0.0, 1.0, 2.0, 6.0, 7.0])[:, None, None]  # five images of one pixel
    digits = torch.tensor([4, 4, 9, 2, 2])
    new = torch.tensor([1.6, 6.4])[:, None, None]
    for k, expected in ((1, [9, 2]), (3, [4, 2]), (2, [9, 2])):
        what = f"pixels 0 1 2 6 7 that show 4 4 9 2 2, k = {k}, at 1.6 and 6.4"
        yield what, read_by_neighbours(line, digits, new, k), torch.tensor(expected)
    pair = torch.tensor([[[1.0, 0.0]], [[0.4, 0.4]]])  # two images of two pixels
    corner = torch.tensor([[[0.0, 1.0]]])
    answer = read_by_neighbours(pair, torch.tensor([3, 8]), corner, 1)
    yield "pixels (1, 0) a 3, (0.4, 0.4) an 8, k = 1, at (0, 1)", answer, torch.tensor([8])
    (x, y), _, (x_test, _) = deal(seed=1)
    expected = KNeighborsClassifier(1).fit(x.flatten(1), y).predict(x_test[:50].flatten(1))
    answer = read_by_neighbours(x, y, x_test[:50], 1)
    yield "fifty real digits, k = 1", answer, torch.tensor(expected)
