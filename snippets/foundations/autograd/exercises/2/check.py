import torch

from dlbasic.foundations.autograd import Variable


def check(sigmoid):
    def both(numbers, loss):
        ours = Variable(numbers)
        theirs = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
        loss(ours, sigmoid(ours)).backward()
        loss(theirs, torch.sigmoid(theirs)).backward()
        return ours.grad, theirs.grad

    numbers = [-2.0, 0.5, 3.0]
    expected = torch.sigmoid(torch.tensor(numbers, dtype=torch.float64))
    yield f"sigmoid of {numbers}", sigmoid(Variable(numbers)).value.copy(), expected
    yield f"the gradient of sigmoid(x).sum() at {numbers}", *both(numbers, lambda x, y: y.sum())
    yield (
        f"the gradient of (10 * sigmoid(x)).sum() at {numbers}",
        *both(numbers, lambda x, y: (10 * y).sum()),
    )
    yield (
        f"the gradient of (x * sigmoid(x)).sum() at {numbers}",
        *both(numbers, lambda x, y: (x * y).sum()),
    )
    far = [-800.0, 800.0]
    yield f"the gradient of sigmoid(x).sum() at {far}", *both(far, lambda x, y: y.sum())
