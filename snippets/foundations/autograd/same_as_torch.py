import numpy as np
import torch

from dlbasic.data.digits import load_digits
from dlbasic.foundations.autograd import Variable

images, digits = load_digits()
pixels = images[:1000].flatten(1).double().numpy()
one_hot = np.eye(10)[digits[:1000]]
rng = np.random.default_rng(0)
arrays = [rng.normal(size=shape) / 8 for shape in [(64, 32), (32,), (32, 10), (10,)]]


def loss_of(parameters, inputs, targets):
    first, first_bias, last, last_bias = parameters
    logits = (inputs @ first + first_bias).tanh() @ last + last_bias
    return (logits.exp().sum(axis=1).log() - (logits * targets).sum(axis=1)).mean()


ours = [Variable(array) for array in arrays]
theirs = [torch.tensor(array, requires_grad=True) for array in arrays]
differences = []
for step in range(200):
    our_loss = loss_of(ours, pixels, one_hot)
    our_loss.backward()
    for parameter in ours:
        parameter.value = parameter.value - 0.5 * parameter.grad
        parameter.zero_grad()

    torch_loss = loss_of(theirs, torch.tensor(pixels), torch.tensor(one_hot))
    torch_loss.backward()
    with torch.no_grad():
        for parameter in theirs:
            parameter -= 0.5 * parameter.grad
            parameter.grad = None

    differences.append(abs(our_loss.value - torch_loss.item()))
    if step in (0, 9, 99, 199):
        print(f"step {step + 1:3}   ours {our_loss.value:.12f}   torch {torch_loss.item():.12f}")
assert max(differences) < 1e-10
