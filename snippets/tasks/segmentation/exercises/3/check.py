import torch
from torch.nn import functional

CASES = [
    [(3, 1)],
    [(3, 1), (3, 1), (3, 1)],
    [(2, 2), (3, 1)],
    [(3, 2), (3, 2), (3, 1)],
    [(5, 1), (1, 3), (3, 2), (2, 1)],
]


def measured(layers):
    """How many inputs have a gradient, when every weight is 1."""
    inputs = torch.ones(1, 1, 200, dtype=torch.float64, requires_grad=True)
    outputs = inputs
    for kernel, stride in layers:
        outputs = functional.conv1d(outputs, torch.ones(1, 1, kernel).double(), stride=stride)
    (gradient,) = torch.autograd.grad(outputs[0, 0, 3], inputs)
    return int((gradient != 0).sum())


def check(receptive_field):
    for layers in CASES:
        yield f"receptive_field({layers})", receptive_field(layers), measured(layers)
