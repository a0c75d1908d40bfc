import torch

from dlbasic.data.digits import Split
from dlbasic.foundations.hierarchy import deal


def points(*pairs):
    return torch.tensor([[float(place)] for place, _ in pairs]), torch.tensor([c for _, c in pairs])


def check(tune_neighbours):
    train = points((0, 0), (1, 0), (2, 1), (3, 0), (4, 0), (10, 1), (11, 1), (12, 1))
    plain = points((2.1, 0), (10.5, 1), (0.5, 0), (1.9, 0))  # three neighbours are best
    odd = points((2.1, 1), (1.9, 1), (11.5, 1), (2.2, 1), (0.4, 0))  # one is best
    seen = "trained on a class 1 among zeros at 2, "
    answer = tune_neighbours(Split(train, plain, odd), [1, 3])
    yield seen + "validated where 3 is best, tested where 1 is, of 1 and 3", answer, (3, 0.4)
    answer = tune_neighbours(Split(train, odd, plain), [1, 3])
    yield seen + "validated where 1 is best, tested where 3 is, of 1 and 3", answer, (1, 0.5)
    answer = tune_neighbours(Split(train, points((0, 0)), plain), [3, 1])
    yield seen + "validated where both are right, of 3 and 1", answer, (3, 1.0)
    (x, y), look, test = ((images.flatten(1), digits) for images, digits in deal(seed=3))
    answer = tune_neighbours(Split((x, y), look, (test[0][:1], test[1][:1])), [500])
    nearest = torch.cdist(test[0][:1], x).argsort()[0, :500]
    expected = float(y[nearest].bincount().argmax() == test[1][0])
    yield "real digits, one to test, of 500 alone", answer, (500, expected)
