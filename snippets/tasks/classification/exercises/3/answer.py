import torch

from dlbasic.data.scenes import draw
from dlbasic.tasks.classification import Classifier


def receptive_field(layers: list[tuple[int, int]]) -> int:
    """Side, in pixels, of the square on which one place of the last layer depends."""
    side, step = 1, 1  # pixels: what one place sees, and how far its neighbour is
    for size, stride in layers:
        side += (size - 1) * step
        step *= stride
    return side


layers = [(5, 2), (3, 1), (2, 2), (3, 1), (2, 2), (3, 1), (2, 2), (3, 1)]
for number in range(len(layers)):
    side = receptive_field(layers[: number + 1])
    print(f"layer of (size, stride) {layers[number]}: a place sees {side} × {side} pixels")

torch.manual_seed(0)
features = Classifier().eval().features
image = draw(1).images.requires_grad_()
for depth, count in [(3, 1), (7, 3), (11, 5)]:  # convolutions with batch norm, ReLU, pooling
    maps = features[:depth](image - 0.5)
    middle = maps.shape[-1] // 2
    (slopes,) = torch.autograd.grad(maps[0, :, middle, middle].sum(), image)
    seen = slopes[0].abs().sum(dim=0).any(dim=0).sum()
    print(f"after {depth:2} of the network's layers, {seen} columns have a gradient")
    assert seen == receptive_field(layers[:count])
