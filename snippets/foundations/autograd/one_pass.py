import numpy as np

from dlbasic.data.digits import load_digits
from dlbasic.foundations.autograd import Variable, results_first

pixels = load_digits()[0][:32].flatten(1).numpy()
rng = np.random.default_rng(0)


def network(arrays):
    first, bias, last = parameters = [Variable(array) for array in arrays]
    loss = (((pixels @ first + bias).tanh() @ last) ** 2).mean()
    return parameters, loss, len(results_first(loss)) - len(parameters)


print("parameters   operations by differences   by one pass back")
for width in (1, 4, 16):
    arrays = [rng.normal(size=shape) / 8 for shape in [(64, width), (width,), (width, 1)]]
    parameters, loss, operations = network(arrays)
    loss.backward()
    step, measured, total = 1e-6, [], operations
    for array in arrays:
        for i in np.ndindex(array.shape):
            array[i] += step
            _, moved, more = network(arrays)
            array[i] -= step
            measured.append((moved.value - loss.value) / step)
            total += more
    exact = np.concatenate([parameter.grad.ravel() for parameter in parameters])
    print(f"{len(exact):10} {total:27,} {2 * operations:18}")
    assert np.allclose(measured, exact, rtol=0, atol=1e-4)
    assert total == (len(exact) + 1) * operations
