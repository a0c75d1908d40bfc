import numpy as np

from dlbasic.foundations.autograd import Variable


def scale_and_shift_gradients(
    gradient: np.ndarray, images: np.ndarray, scale: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    for_scale = (gradient * images).sum(axis=(0, 2, 3)).reshape(scale.shape)
    for_shift = gradient.sum(axis=(0, 2, 3)).reshape(scale.shape)
    return gradient * scale, for_scale, for_shift


rng = np.random.default_rng(0)
images, scale, shift = (Variable(rng.normal(size=s)) for s in [(8, 3, 5, 5), (3, 1, 1), (3, 1, 1)])
output = images * scale + shift
upstream = rng.normal(size=output.value.shape)
output.backward(upstream)
by_hand = scale_and_shift_gradients(upstream, images.value, scale.value)
variables = {"images": images, "scale": scale, "shift": shift}
for (name, variable), ours in zip(variables.items(), by_hand, strict=True):
    print(f"each number of {name} is used {upstream.size // ours.size} times")
    assert np.allclose(ours, variable.grad)
