"""What every public function asks of its tensors, and the errors that say so."""

import torch
from torch import Tensor


def require(holds: bool, name: str, what: str, got: object) -> None:
    """Refuse a value of which something does not hold.

    Raises:
        ValueError: Names the value, and says what it must be and what was given.
    """
    if not holds:
        raise ValueError(f"{name} must be {what}, got {got}")


def require_tensor(name: str, tensor: Tensor, axes: str) -> None:
    """Refuse what is not a finite, floating-point, non-empty tensor with these axes.

    Args:
        name: What the caller names the tensor, for the message.
        tensor: The tensor to check.
        axes: The names of its axes, separated by spaces, such as "example class".

    Raises:
        ValueError: Says what is wrong with the tensor, what was expected and what was given.
    """
    shape = "(" + ", ".join(axes.split()) + ")"
    if not isinstance(tensor, Tensor):
        raise ValueError(f"{name} must be a tensor {shape}, got {type(tensor).__name__}")
    if tensor.ndim != len(axes.split()):
        raise ValueError(f"{name} must have the axes {shape}, got the shape {tuple(tensor.shape)}")
    if tensor.numel() == 0:
        raise ValueError(f"{name} must not be empty, got the shape {tuple(tensor.shape)}")
    if not tensor.is_floating_point():
        raise ValueError(f"{name} must be floating point, got {tensor.dtype}")
    if not torch.isfinite(tensor).all():
        count = int((~torch.isfinite(tensor)).sum())
        raise ValueError(f"{name} must be finite, got {count} NaN or infinite values")


def require_pair(name: str, tensor: Tensor, other_name: str, other: Tensor, axes: str) -> None:
    """Refuse two tensors that differ in shape, or of which one fails `require_tensor`.

    Raises:
        ValueError: As `require_same_shape` and `require_tensor`.
    """
    require_same_shape(name, tensor, other_name, other)
    require_tensor(other_name, other, axes)
    require_tensor(name, tensor, axes)


def require_same_shape(name: str, tensor: Tensor, other_name: str, other: Tensor) -> None:
    """Refuse two tensors whose shapes differ, where torch might broadcast them silently.

    Raises:
        ValueError: Names both tensors and shows both shapes.
    """
    if not (isinstance(tensor, Tensor) and isinstance(other, Tensor)):
        kinds = f"{type(tensor).__name__} and {type(other).__name__}"
        raise ValueError(f"{name} and {other_name} must be tensors, got {kinds}")
    if tensor.shape != other.shape:
        raise ValueError(
            f"{name} must have the shape of {other_name}, {tuple(other.shape)}, "
            f"got {tuple(tensor.shape)}"
        )


def require_probabilities(name: str, rows: Tensor, axes: str) -> None:
    """Refuse what fails `require_tensor`, or has a row that is no distribution.

    Args:
        name: What the caller names the tensor, for the message.
        rows: The tensor to check; its last axis holds the probabilities.
        axes: The names of its axes, as in `require_tensor`.

    Raises:
        ValueError: Says which row is negative or does not sum to 1, and shows the value.
    """
    require_tensor(name, rows, axes)
    if (rows < 0).any():
        raise ValueError(f"{name} must not be negative, got {rows.min().item():.4g}")
    sums = rows.detach().sum(dim=-1).flatten()
    worst = (sums - 1).abs().argmax()
    tolerance = max(1e-6, torch.finfo(rows.dtype).eps ** 0.5)  # half the digits of a narrow type
    if (sums[worst] - 1).abs() > tolerance:
        every, which = (" in every row", f" in row {worst.item()}") if rows.ndim > 1 else ("", "")
        raise ValueError(f"{name} must sum to 1{every}, got {sums[worst].item():.7g}{which}")


def require_indices(name: str, tensor: Tensor, count: int, axes: str) -> None:
    """Refuse what is not a non-empty tensor of int64 from 0 to `count` - 1 with these axes.

    Args:
        name: What the caller names the tensor, for the message.
        tensor: The tensor to check.
        count: How many things the indices point to.
        axes: The names of its axes, as in `require_tensor`.

    Raises:
        ValueError: Says what is wrong with the tensor, what was expected and what was given.
    """
    if not isinstance(tensor, Tensor) or tensor.dtype != torch.int64:
        got = tensor.dtype if isinstance(tensor, Tensor) else type(tensor).__name__
        raise ValueError(f"{name} must be a tensor of int64, got {got}")
    if tensor.ndim != len(axes.split()) or tensor.numel() == 0:
        shape = "(" + ", ".join(axes.split()) + ")"
        raise ValueError(f"{name} must be {shape} and not empty, got {tuple(tensor.shape)}")
    low, high = (end.item() for end in tensor.aminmax())
    if low < 0 or high >= count:
        raise ValueError(f"{name} must be from 0 to {count - 1}, got {low} to {high}")
