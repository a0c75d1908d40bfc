import numpy as np

from dlbasic.foundations.autograd import Variable


def check(backward_in_parts):
    inputs = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0], [1.0, 1.0], [-2.0, 4.0]])
    targets = np.array([[1.0], [-1.0], [2.0], [0.0], [5.0]])
    start = np.array([[0.5], [-0.5]])
    exact = 2 / 5 * inputs.T @ (inputs @ start - targets)
    for size in (5, 1, 2, 100):
        weight, seen = Variable(start), []

        def mean_loss(x, y, weight=weight, seen=seen):
            seen.append(len(x))
            return ((x @ weight - y) ** 2).mean()

        backward_in_parts(mean_loss, inputs, targets, size)
        yield f"the gradient of 5 examples, {size} at a time", weight.grad, exact
        yield f"the largest part of 5 examples, {size} at a time", max(seen), min(size, 5)
    weight = Variable(start)
    for _ in range(2):
        backward_in_parts(lambda x, y: ((x @ weight - y) ** 2).mean(), inputs, targets, 2)
    yield "the gradient after two calls, 2 at a time", weight.grad, 2 * exact
