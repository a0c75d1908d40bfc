import matplotlib.pyplot as plt
import numpy as np

from dlbasic.data.digits import load_digits, split
from dlbasic.foundations.autograd import Variable

images, digits = load_digits()
data = split(images.flatten(1), digits, train=1000, validation=300)
(pixels, labels), _, (test_pixels, test_labels) = [[x.numpy() for x in part] for part in data]
one_hot = np.eye(10)[labels]

rng = np.random.default_rng(0)
first, first_bias = Variable(rng.normal(size=(64, 32)) / 8), Variable(np.zeros(32))
last, last_bias = Variable(rng.normal(size=(32, 10)) / 8), Variable(np.zeros(10))
parameters = [first, first_bias, last, last_bias]


def logits_of(inputs):
    return (inputs @ first + first_bias).tanh() @ last + last_bias


losses, accuracies = [], []
for step in range(200):
    logits = logits_of(pixels)
    loss = (logits.exp().sum(axis=1).log() - (logits * one_hot).sum(axis=1)).mean()
    loss.backward()
    for parameter in parameters:
        parameter.value = parameter.value - 0.5 * parameter.grad
        parameter.zero_grad()
    losses.append(loss.value)
    if step % 10 == 9:
        guesses = logits_of(test_pixels).value.argmax(axis=1)
        accuracies.append((guesses == test_labels).mean())

print(f"loss {losses[0]:.2f} -> {losses[-1]:.2f}, held-out digits read right {accuracies[-1]:.0%}")
assert losses[-1] < 0.2 * losses[0]
assert accuracies[-1] > 0.85
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
left.plot(losses)
left.set(xlabel="step", ylabel="training loss (nats)", ylim=(0, None))
right.plot(range(10, 201, 10), accuracies, color="C1")
right.set(xlabel="step", ylabel="held-out digits read right", ylim=(0, 1))
plt.show()
