import torch

from dlbasic.tasks.segmentation import Encoder


def receptive_field(layers: list[tuple[int, int]]) -> int:
    """Width in pixels of the part of the input on which one value of the output depends."""
    width, step = 1, 1
    for kernel, stride in layers:
        width += (kernel - 1) * step
        step *= stride
    return width


fine = [(2, 2), (3, 1), (3, 1)]  # blocks of 2×2 pixels, then two convolutions
middle = [*fine, (3, 2), (3, 1)]
coarse = [*middle, (3, 2), (3, 1)]
torch.manual_seed(0)
encoder = Encoder().double().eval()
images = torch.rand(1, 3, 96, 96, dtype=torch.float64, requires_grad=True)
print("grid    by the layers  by the gradient")
for name, features in zip(("fine", "middle", "coarse"), encoder(images), strict=True):
    width = receptive_field({"fine": fine, "middle": middle, "coarse": coarse}[name])
    centre = features.shape[-1] // 2
    value = features[0, :, centre, centre].sum()
    (gradient,) = torch.autograd.grad(value, images, retain_graph=True)
    measured = gradient.ne(0).any(dim=1).any(dim=1).sum()
    print(f"{name:6} {width:14} {measured:16}")
    assert width == measured
