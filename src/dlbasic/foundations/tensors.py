"""Shapes, memory, number formats and named axes: what every later chapter computes with.

Source: Harris et al., "Array Programming with NumPy", Nature 585, 2020, for shapes, strides and
broadcasting; Goldberg, "What Every Computer Scientist Should Know About Floating-Point
Arithmetic", ACM Computing Surveys 23(1), 1991, for `spacing`.
"""

import functools
import math

import torch
from jaxtyping import Float
from torch import Tensor

from dlbasic.checks import require_tensor


# --8<-- [start:broadcast]
def broadcast_shapes(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that tensors of these shapes take together, as `torch.broadcast_shapes`.

    Raises:
        ValueError: If no shape is given, a size is negative, or two sizes differ and none is 1.
    """
    _require_sizes(shapes, least=0)
    longest = max(len(shape) for shape in shapes)
    padded = [(1,) * (longest - len(shape)) + tuple(shape) for shape in shapes]
    together = []
    for sizes in zip(*padded, strict=True):  # axis by axis
        other = set(sizes) - {1}
        if len(other) > 1:
            raise ValueError(f"sizes of an axis must be equal or 1, got {sizes} in {shapes}")
        together.append(other.pop() if other else 1)
    return tuple(together)


# --8<-- [end:broadcast]


# --8<-- [start:strides]
def row_major_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """How far apart in memory neighbours along each axis of a new tensor lie, in elements.

    Raises:
        ValueError: If a size is not a positive whole number.
    """
    _require_sizes((shape,), least=1)
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def element_offset(index: tuple[int, ...], strides: tuple[int, ...]) -> int:
    """Where in memory an element lies, counted in elements from the first.

    Raises:
        ValueError: If there are not as many indices as strides, or one is negative.
    """
    if len(index) != len(strides):
        raise ValueError(f"index must have {len(strides)} entries, one per stride, got {index}")
    if min(index, default=0) < 0:
        raise ValueError(f"index must count from 0, got {index}")
    return sum(i * stride for i, stride in zip(index, strides, strict=True))


# --8<-- [end:strides]


# --8<-- [start:broadcast_distances]
def squared_distances(
    a: Float[Tensor, "example dim"],
    b: Float[Tensor, "other dim"],
) -> Float[Tensor, "example other"]:
    """Squared Euclidean distance from each row of `a` to each row of `b`.

    Holds example × other × dim differences in memory at once.

    Raises:
        ValueError: If the rows differ in length, or a tensor is empty, not finite or not a matrix.
    """
    _require_rows(a, b)
    difference = a[:, None, :] - b[None, :, :]
    return difference.square().sum(dim=2)


# --8<-- [end:broadcast_distances]


# --8<-- [start:product_distances]
def squared_distances_by_product(
    a: Float[Tensor, "example dim"],
    b: Float[Tensor, "other dim"],
) -> Float[Tensor, "example other"]:
    """Squared Euclidean distances by one matrix product; may cancel, even below zero.

    Raises:
        ValueError: As `squared_distances`.
    """
    _require_rows(a, b)
    squares_a = a.square().sum(dim=1)
    squares_b = b.square().sum(dim=1)
    return squares_a[:, None] + squares_b[None, :] - 2 * a @ b.T


# --8<-- [end:product_distances]


# --8<-- [start:einsum]
def einsum(equation: str, *operands: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    """Multiply tensors along named axes and sum over the names that the result lacks.

    Of `torch.einsum` it has the explicit form: one letter an axis, each once an operand, as in
    "ij,jk->ik". Every product is held in memory before it is summed.

    Raises:
        ValueError: If the equation and the operands do not fit, or a letter has two sizes.
    """
    inputs, output = _read_equation(equation)
    sizes = _sizes(inputs, operands)
    summed = [letter for letter in sizes if letter not in output]
    letters = [*output, *summed]
    aligned = []
    for names, operand in zip(inputs, operands, strict=True):
        order = [names.index(letter) for letter in letters if letter in names]
        shape = [sizes[letter] if letter in names else 1 for letter in letters]
        aligned.append(operand.permute(order).reshape(shape))
    product = functools.reduce(torch.mul, aligned)  # broadcasts
    for _ in summed:
        product = product.sum(dim=-1)
    return product


# --8<-- [end:einsum]


# --8<-- [start:spacing]
def spacing(values: Float[Tensor, "..."], dtype: torch.dtype) -> Float[Tensor, "..."]:
    """The gap between neighbouring numbers of a floating-point type, where the values lie.

    Args:
        values: Of any sign, in float64.
        dtype: The type whose gaps are asked for, such as `torch.bfloat16`.

    Raises:
        ValueError: If `dtype` is not floating point, or the values are empty, not float64, NaN or
            larger than the type can hold.
    """
    if not dtype.is_floating_point:
        raise ValueError(f"dtype must be floating point, got {dtype}")
    _require_double(values)
    limits = torch.finfo(dtype)
    size = values.abs()
    if not (size <= limits.max).all():
        raise ValueError(f"values must be at most {limits.max:.6g} in size, got {size.max():.6g}")
    _, exponent = torch.frexp(size.clamp(min=limits.smallest_normal))  # of a fraction below 1
    return limits.eps * torch.exp2(exponent.double() - 1)


# --8<-- [end:spacing]


# --8<-- [start:device]
def best_device() -> torch.device:
    """The fastest kind of device that is here: an NVIDIA or Apple GPU, else the processor."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


# --8<-- [end:device]


def _require_sizes(shapes: tuple[tuple[int, ...], ...], *, least: int) -> None:
    if not shapes:
        raise ValueError("shapes must be at least one, got none")
    for shape in shapes:
        if not isinstance(shape, tuple):
            raise ValueError(f"shapes must be tuples of sizes, got {shape}")
        if not all(isinstance(size, int) and size >= least for size in shape):
            raise ValueError(f"sizes must be whole numbers of at least {least}, got {shape}")


def _require_rows(a: Tensor, b: Tensor) -> None:
    require_tensor("a", a, "example dim")
    require_tensor("b", b, "other dim")
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"b must have rows as long as those of a, {a.shape[1]}, got {b.shape[1]}")
    if a.dtype != b.dtype:
        raise ValueError(f"b must have the type of a, {a.dtype}, got {b.dtype}")


def _require_double(values: Tensor) -> None:
    got = values.dtype if isinstance(values, Tensor) else type(values).__name__
    if got != torch.float64:
        raise ValueError(f"values must be a tensor of torch.float64, got {got}")
    if values.numel() == 0:
        raise ValueError(f"values must not be empty, got the shape {tuple(values.shape)}")


def _read_equation(equation: str) -> tuple[list[str], str]:
    """The letters of each operand, and those of the result."""
    if not isinstance(equation, str):
        got = type(equation).__name__
        raise ValueError(f"equation must be a string such as 'ij,jk->ik', got {got}")
    left, arrow, output = equation.replace(" ", "").partition("->")
    inputs = left.split(",")
    if not arrow or not all(names.isalpha() or not names for names in [*inputs, output]):
        raise ValueError(f"equation must look like 'ij,jk->ik', got {equation!r}")
    for names in [*inputs, output]:
        if len(set(names)) != len(names):
            raise ValueError(f"letters of an operand must differ, got {names!r} in {equation!r}")
    if unknown := set(output) - set("".join(inputs)):
        raise ValueError(f"output must use letters of the operands, got {sorted(unknown)}")
    return inputs, output


def _sizes(inputs: list[str], operands: tuple[Tensor, ...]) -> dict[str, int]:
    """The size that each letter stands for, in the order of the letters."""
    if len(inputs) != len(operands):
        raise ValueError(f"operands must be {len(inputs)} for {inputs}, got {len(operands)}")
    sizes: dict[str, int] = {}
    for names, operand in zip(inputs, operands, strict=True):
        require_tensor(f"operand {names!r}", operand, " ".join(names))
        for letter, size in zip(names, operand.shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise ValueError(f"{letter!r} must have one size, got {sizes[letter]} and {size}")
    if len(types := {operand.dtype for operand in operands}) > 1:
        got = ", ".join(sorted(map(str, types)))
        raise ValueError(f"operands must have one type, got {got}")
    return sizes
