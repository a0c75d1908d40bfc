import numpy as np
import torch


def check(scale_and_shift_gradients):
    rng = np.random.default_rng(0)
    for shape in [(4, 3, 2, 5), (1, 2, 3, 3), (6, 2, 1, 1)]:
        small = (shape[1], 1, 1)
        arrays = [rng.normal(size=shape), rng.normal(size=small), rng.normal(size=small)]
        leaves = [torch.tensor(array, requires_grad=True) for array in arrays]
        gradient = rng.normal(size=shape)
        (leaves[0] * leaves[1] + leaves[2]).backward(torch.tensor(gradient))
        ours = scale_and_shift_gradients(gradient, arrays[0], arrays[1])
        for name, got, leaf in zip(("images", "scale", "shift"), ours, leaves, strict=True):
            yield f"the gradient for {name}, images of the shape {shape}", got, leaf.grad.numpy()
