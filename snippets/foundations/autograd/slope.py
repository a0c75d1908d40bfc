import matplotlib.pyplot as plt
import numpy as np

from dlbasic.foundations.autograd import Variable

x = Variable(np.linspace(0.2, 1.0, 200))
x.tanh().sum().backward()  # each number gets the slope of its own tanh
exact = x.grad

steps = 10.0 ** np.arange(-15, 0)
measured = {
    "forward": [(np.tanh(x.value + h) - np.tanh(x.value)) / h for h in steps],
    "central": [(np.tanh(x.value + h) - np.tanh(x.value - h)) / (2 * h) for h in steps],
}
figure, axes = plt.subplots(figsize=(6.5, 3.5), layout="constrained")
for name, slopes in measured.items():
    errors = np.abs(np.array(slopes) - exact).mean(axis=1)
    axes.loglog(steps, errors, "o-", label=f"{name} difference")
    best = errors.argmin()
    print(f"{name} difference: best step {steps[best]:.0e}, error {errors[best]:.0e}")
    assert errors[0] > 1000 * errors[best]  # a tiny step is bad
    assert errors[-1] > 1000 * errors[best]  # and so is a large one
axes.set(xlabel="step h", ylabel="error of the slope")
axes.legend()
plt.show()
