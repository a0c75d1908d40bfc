import numpy as np

from dlbasic.foundations import autograd


def sigmoid(x: autograd.Variable) -> autograd.Variable:
    def forward(a):
        return 1 / (1 + np.exp(-a))

    def backward(g, y, a):
        return (g * y * (1 - y),)

    return autograd.operate("sigmoid", forward, backward, x)


x = autograd.Variable([-800.0, -2.0, 0.0, 2.0, 800.0])
y = sigmoid(x)
y.sum().backward()
print("     x   sigmoid     slope")
for row in zip(x.value, y.value, x.grad, strict=True):
    print("{:6.0f} {:9.4f} {:9.4f}".format(*row))
assert x.grad.argmax() == 2  # steepest at 0, flat far out
