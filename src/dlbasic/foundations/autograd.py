"""Reverse-mode automatic differentiation on numpy arrays, in 64 bits.

Each operation computes its result and remembers its inputs and how a gradient passes back
through it. `backward` then visits every result once, before its inputs.

Source: Linnainmaa, "Taylor Expansion of the Accumulated Rounding Error", BIT 16, 1976, for the
reverse mode; Rumelhart, Hinton and Williams, "Learning Representations by Back-Propagating
Errors", Nature 323, 1986, for networks.
"""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float64

Array = Float64[np.ndarray, "..."]
Gradient = Array | np.float64  # numpy makes a number of an array without axes
Numbers = int | float | Sequence | np.ndarray | np.generic
Axis = int | tuple[int, ...] | None


def _matmul(a: Array, b: Array) -> Array:
    if a.ndim < 2 or b.ndim < 2:
        raise ValueError("both must have at least two axes")
    return np.matmul(a, b)


# --8<-- [start:rules]
# How to compute y from a and b, and the gradients of a and b from that of y, which is g.
RULES = {
    "+": (np.add, lambda g, y, a, b: (g, g)),
    "-": (np.subtract, lambda g, y, a, b: (g, -g)),
    "*": (np.multiply, lambda g, y, a, b: (g * b, g * a)),
    "/": (np.divide, lambda g, y, a, b: (g / b, -g * y / b)),
    "@": (_matmul, lambda g, y, a, b: (g @ b.mT, a.mT @ g)),
    "exp": (np.exp, lambda g, y, a: (g * y,)),
    "log": (np.log, lambda g, y, a: (g / a,)),
    "tanh": (np.tanh, lambda g, y, a: (g * (1 - y**2),)),
    "relu": (lambda a: np.maximum(a, 0), lambda g, y, a: (g * (a > 0),)),
}
# --8<-- [end:rules]


def _operator(name: str, *, swapped: bool = False) -> Callable[..., "Variable"]:
    """Return a method that applies a rule; swapped, its second input comes first."""

    def method(*inputs: "Variable | Numbers") -> "Variable":
        return operate(name, *RULES[name], *(inputs[::-1] if swapped else inputs))

    return method


class Variable:
    """An array that remembers how it was computed, and can send a gradient back there.

    Numbers and arrays that stand beside variables in an expression are constants. Values are
    read-only, so that none changes between the two passes. To update a leaf, set its `value`;
    what was computed from it keeps the value and the gradient that it had.

    Attributes:
        value: A read-only copy, in 64 bits.
        grad: Sum of the gradients that arrived here; None if none did. Leaves keep it, and
            results after `retain_grad`.
        requires_grad: Whether a gradient can arrive here.
        parents: The inputs of the operation that made this variable; a leaf has none.
        operation: The name of that operation; empty for a leaf.

    Raises:
        ValueError: If `value` is empty, not made of numbers or not finite; also if a new value
            has another shape.
    """

    __array_ufunc__ = None  # array + variable asks the variable

    def __init__(self, value: Numbers, *, requires_grad: bool = True) -> None:
        self._value = _checked("value", value)
        self.requires_grad = requires_grad
        self.grad: Array | None = None
        self.parents: tuple[Variable, ...] = ()
        self.operation = ""
        self._backward: Callable[[Gradient], tuple[Gradient, ...]] = lambda gradient: ()
        self._keeps_grad = requires_grad

    def __repr__(self) -> str:
        return f"Variable({self.value.tolist()})"

    @property
    def value(self) -> Array:
        """The numbers, read-only."""
        return self._value

    @value.setter
    def value(self, value: Numbers) -> None:
        array = _checked("value", value)
        if array.shape != self._value.shape:
            raise ValueError(f"value must keep the shape {self._value.shape}, got {array.shape}")
        self._value = array

    __add__ = __radd__ = _operator("+")
    __sub__, __rsub__ = _operator("-"), _operator("-", swapped=True)
    __mul__ = __rmul__ = _operator("*")
    __truediv__, __rtruediv__ = _operator("/"), _operator("/", swapped=True)
    __matmul__, __rmatmul__ = _operator("@"), _operator("@", swapped=True)

    def __pow__(self, exponent: int | float) -> "Variable":
        if not isinstance(exponent, int | float):
            raise ValueError(f"exponent must be a number, got {type(exponent).__name__}")
        less = exponent - 1 if exponent else 0  # so that the slope of a**0 is 0, at 0 too
        return operate("**", lambda a: a**exponent, lambda g, y, a: (g * exponent * a**less,), self)

    def __neg__(self) -> "Variable":
        return self * -1

    def exp(self) -> "Variable":
        """The exponential of each number."""
        return operate("exp", *RULES["exp"], self)

    def log(self) -> "Variable":
        """The natural logarithm of each number; all must be positive."""
        return operate("log", *RULES["log"], self)

    def tanh(self) -> "Variable":
        """The hyperbolic tangent of each number, in [-1, 1]."""
        return operate("tanh", *RULES["tanh"], self)

    def relu(self) -> "Variable":
        """Each number if it is positive, and 0 if not. The slope at 0 is 0."""
        return operate("relu", *RULES["relu"], self)

    def sum(self, axis: Axis = None, *, keepdims: bool = False) -> "Variable":
        """The sum over the given axes, or over all."""

        def backward(g: Gradient, y: Array, a: Array) -> tuple[Gradient]:
            if axis is not None and not keepdims:
                g = np.expand_dims(g, axis)
            return (np.broadcast_to(g, a.shape),)

        return operate("sum", lambda a: a.sum(axis=axis, keepdims=keepdims), backward, self)

    def mean(self, axis: Axis = None, *, keepdims: bool = False) -> "Variable":
        """The mean over the given axes, or over all."""
        total = self.sum(axis, keepdims=keepdims)
        return total / (self.value.size // total.value.size)

    def backward(self, gradient: Numbers | None = None) -> None:
        """As the function `backward`."""
        backward(self, gradient)

    def zero_grad(self) -> None:
        """Forget the gradients that arrived so far."""
        self.grad = None

    def retain_grad(self) -> None:
        """Let this result keep its gradient in `grad`, as a leaf does.

        Raises:
            ValueError: If no gradient can arrive here.
        """
        _require_gradient(self)
        self._keeps_grad = True


# --8<-- [start:operate]
def operate(
    name: str, forward: Callable, backward: Callable, *inputs: Variable | Numbers
) -> Variable:
    """The result of an operation, which remembers its inputs if any of them requires a gradient.

    Args:
        name: Of the operation, for messages and drawings.
        forward: Takes the values of the inputs, and returns the value of the output.
        backward: Takes the gradient of the loss with respect to the output, then the value of
            the output, then those of the inputs. Returns the gradients of the inputs, a tuple.
        inputs: Variables and constants.

    Raises:
        ValueError: If the shapes do not fit, or the result is not finite.
    """
    parents = [x if isinstance(x, Variable) else Variable(x, requires_grad=False) for x in inputs]
    values = [parent.value for parent in parents]
    required = any(parent.requires_grad for parent in parents)
    try:
        with np.errstate(all="ignore"):  # what overflows is refused
            result = Variable(forward(*values), requires_grad=required)
    except ValueError as error:
        shapes = " and ".join(str(value.shape) for value in values)
        raise ValueError(f"{name} of {shapes}: {error}") from error
    if required:
        output = result.value
        result.parents, result.operation, result._keeps_grad = tuple(parents), name, False
        result._backward = lambda gradient: backward(gradient, output, *values)
    return result


# --8<-- [end:operate]


# --8<-- [start:backward]
def results_first(output: Variable) -> list[Variable]:
    """Every variable that receives a gradient from `output`, each one before its parents.

    Raises:
        ValueError: If `output` requires no gradient.
    """
    _require_gradient(output)
    parents_first, seen = [], set()
    stack = [(output, False)]
    while stack:
        variable, parents_are_done = stack.pop()
        if parents_are_done:
            parents_first.append(variable)
        elif variable not in seen:
            seen.add(variable)
            stack.append((variable, True))
            stack += [(parent, False) for parent in variable.parents if parent.requires_grad]
    return parents_first[::-1]


def backward(output: Variable, gradient: Numbers | None = None) -> None:
    """Add the gradient to the `grad` of every leaf that `output` was computed from.

    Called twice, it adds twice. If a gradient is refused, no `grad` has changed.

    Args:
        output: The end of the computation, mostly the loss.
        gradient: Of the loss with respect to `output`, in its shape. Not needed if `output` is
            a single number: then it is the loss, and the gradient is 1.

    Raises:
        ValueError: If `output` requires no gradient, if `gradient` is missing or of another
            shape, or if it or a gradient on the way is not finite.
    """
    order = results_first(output)
    gradients: dict[Variable, Gradient] = {output: _first_gradient(output, gradient)}
    for variable in order:
        with np.errstate(all="ignore"):  # what overflows is refused
            shares = variable._backward(gradients[variable])
        for parent, share in zip(variable.parents, shares, strict=True):
            if parent.requires_grad:
                share = unbroadcast(np.asarray(share), parent.value.shape)
                total = gradients.get(parent, 0) + share
                gradients[parent] = _checked(f"gradient through {variable.operation}", total)
    for variable in order:
        if variable._keeps_grad:
            earlier = 0 if variable.grad is None else variable.grad
            variable.grad = np.array(earlier + gradients[variable])


# --8<-- [end:backward]


# --8<-- [start:unbroadcast]
def unbroadcast(gradient: Array, shape: tuple[int, ...]) -> Array:
    """The gradient of an input that had `shape` before it was broadcast: each copy adds its part.

    Raises:
        ValueError: If `shape` cannot be broadcast to that of `gradient`.
    """
    if gradient.shape == shape:
        return gradient
    if np.broadcast_shapes(gradient.shape, shape) != gradient.shape:
        raise ValueError(f"gradient must have a shape that {shape} fits, got {gradient.shape}")
    added = gradient.ndim - len(shape)
    stretched = [added + axis for axis, size in enumerate(shape) if size == 1]
    return gradient.sum(axis=(*range(added), *stretched), keepdims=True).reshape(shape)


# --8<-- [end:unbroadcast]


def _first_gradient(output: Variable, gradient: Numbers | None) -> Array:
    shape = output.value.shape
    if gradient is None and output.value.size > 1:
        raise ValueError(f"gradient must be given for more than one number, got the shape {shape}")
    first = np.ones(shape) if gradient is None else _checked("gradient", gradient)
    if first.shape != shape:
        raise ValueError(f"gradient must have the shape {shape}, got {first.shape}")
    return first


def _require_gradient(variable: Variable) -> None:
    if not variable.requires_grad:
        raise ValueError("the variable must require a gradient, got a constant")


def _checked(name: str, value: Numbers) -> Array:
    """Return a read-only copy in 64 bits."""
    array = np.array(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be made of numbers, got {type(value).__name__}")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, got the shape {array.shape}")
    array = array.astype(np.float64, copy=False)
    if not np.isfinite(array).all():
        count = int((~np.isfinite(array)).sum())
        raise ValueError(f"{name} must be finite, got {count} NaN or infinite values")
    array.setflags(write=False)
    return array
