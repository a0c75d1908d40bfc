"""Parity with torch over random graphs, the cases that engines get wrong, and what is refused."""

import gc
import subprocess
import sys
import weakref

import numpy as np
import pytest
import torch
from hypothesis import event, given, settings
from hypothesis import strategies as st

from dlbasic.foundations.autograd import Variable, operate, results_first, unbroadcast

SHAPES = [(), (1,), (4,), (1, 1), (3, 1), (1, 4), (3, 4), (4, 4), (2, 1, 4), (2, 3, 1), (2, 3, 4)]
UNARY = {
    "exp": lambda a: a.tanh().exp(),  # tanh keeps the numbers small
    "log": lambda a: (1 + a * a).log(),
    "tanh": lambda a: a.tanh(),
    "relu": lambda a: a.relu(),
    "neg": lambda a: -a,
    "square": lambda a: a.tanh() ** 2,
    "cube": lambda a: a.tanh() ** 3,
    "to the 0": lambda a: a**0 + a,
    "root": lambda a: (a * a + 1) ** 0.5,
    "reciprocal": lambda a: 2.0 / (a * a + 1),
    "twice": lambda a: a + a,
    "constant": lambda a: 0.5 - a * 0.25,
}
BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a.tanh() * b,
    "/": lambda a, b: a / (b * b + 1),
    "@": lambda a, b: a @ b,
}


@st.composite
def programs(draw):
    """The shapes of the leaves, and steps that each name an operation and earlier results."""
    shapes = draw(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=4))
    leaves = list(shapes)
    steps = []
    for _ in range(draw(st.integers(1, 12))):
        first = draw(st.integers(0, len(shapes) - 1))
        kind = draw(st.sampled_from(["unary", "binary", "sum", "mean"]))
        if kind == "unary":
            steps.append((UNARY[draw(st.sampled_from(sorted(UNARY)))], first))
            shapes.append(shapes[first])
        elif kind == "binary":
            name = draw(st.sampled_from(sorted(BINARY)))
            fits = [(i, fitted(name, shapes[first], shape)) for i, shape in enumerate(shapes)]
            if fits := [(i, shape) for i, shape in fits if shape is not None]:
                second, shape = draw(st.sampled_from(fits))
                steps.append((BINARY[name], first, second))
                shapes.append(shape)
        else:
            ndim = len(shapes[first])
            axis = draw(st.none() | st.sets(st.integers(0, ndim - 1)).map(tuple)) if ndim else None
            keepdims = draw(st.booleans())
            steps.append((reduction(kind, axis or None, keepdims), first))
            shapes.append(
                np.sum(np.zeros(shapes[first]), axis=axis or None, keepdims=keepdims).shape
            )
    return leaves, steps


def fitted(name, first, second):
    try:
        if name == "@":
            return (
                (np.zeros(first) @ np.zeros(second)).shape
                if min(len(first), len(second)) > 1
                else None
            )
        return np.broadcast_shapes(first, second)
    except ValueError:
        return None


def reduction(kind, axis, keepdims):
    return lambda a: getattr(a, kind)(axis=axis, keepdims=keepdims)


def run(steps, leaves):
    results = list(leaves)
    for operation, *operands in steps:
        results.append(operation(*(results[i] for i in operands)))
    return results


def assert_equal(ours, expected, scale=1.0):
    """To 1e-12 of the largest number in play: the two engines add in different orders."""
    assert ours.shape == tuple(expected.shape)
    np.testing.assert_allclose(ours, expected.detach(), rtol=1e-12, atol=1e-12 * scale)


@settings(max_examples=200)
@given(
    program=programs(), seed=st.integers(0, 999), constant=st.booleans(), passes=st.integers(1, 2)
)
def test_values_and_gradients_equal_torch_on_random_graphs(program, seed, constant, passes):
    shapes, steps = program
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape) for shape in shapes]
    wanted = [not (constant and i == 0) for i in range(len(arrays))]
    ours = run(steps, [Variable(a, requires_grad=w) for a, w in zip(arrays, wanted, strict=True)])
    theirs = run(
        steps, [torch.tensor(a, requires_grad=w) for a, w in zip(arrays, wanted, strict=True)]
    )
    assert [a.requires_grad for a in ours] == [b.requires_grad for b in theirs]
    if not ours[-1].requires_grad:
        return
    scale = max(np.abs(variable.value).max() for variable in ours)
    for a, b in zip(ours, theirs, strict=True):
        assert_equal(a.value, b, scale)
        if a.requires_grad:
            a.retain_grad()
            b.retain_grad()
    seeds = rng.normal(size=ours[-1].value.shape)
    for _ in range(passes):
        ours[-1].backward(seeds)
        theirs[-1].backward(torch.tensor(seeds), retain_graph=True)
    arrived = [b.grad for b in theirs if b.grad is not None]
    scale = max(float(grad.abs().max()) for grad in arrived)
    event(f"nodes: {len(results_first(ours[-1])) // 5 * 5}")
    for a, b in zip(ours, theirs, strict=True):
        assert (a.grad is None) == (b.grad is None)
        if a.grad is not None:
            assert_equal(a.grad, b.grad, scale)


def test_an_input_used_twice_receives_both_gradients():
    x = Variable(3.0)
    (x * x).backward()
    assert x.grad == 6.0
    x.zero_grad()
    (x + x).backward()
    assert x.grad == 2.0


def test_a_diamond_passes_on_each_result_once():
    x = Variable(2.0)
    middle = x * 3.0
    ((middle * middle) + middle).backward()  # 9x² + 3x
    assert x.grad == 39.0


def test_a_shared_result_waits_for_its_farthest_use():
    x, y = Variable(0.5), torch.tensor(0.5, dtype=torch.float64, requires_grad=True)

    def ladder(x):
        a = x.tanh()
        b = a.exp()
        c = b * a
        return a * c + b * (c.exp() + a)

    ladder(x).backward()
    ladder(y).backward()
    assert_equal(x.grad, y.grad)


def test_backward_twice_adds_once_more_at_leaves_and_results():
    x, y = Variable([0.5, 2.0]), torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True)
    middles = [x.tanh(), y.tanh()]
    outputs = [(middle * middle).sum() for middle in middles]
    for variable in middles + outputs:
        variable.retain_grad()
    for _ in range(3):
        outputs[0].backward()
        outputs[1].backward(retain_graph=True)
    for ours, theirs in [(x, y), middles, outputs]:
        assert_equal(ours.grad, theirs.grad)
    assert outputs[0].grad == 3.0


def test_two_outputs_of_one_graph_add_up():
    x = Variable(2.0)
    shared = x * x
    (shared * 3.0).backward()
    (shared + x).backward()
    assert x.grad == 12.0 + 5.0


def test_only_leaves_keep_a_gradient_unless_asked():
    x = Variable(2.0)
    asked, not_asked = x * 3.0, x * 4.0
    asked.retain_grad()
    (asked * not_asked).backward()
    assert asked.grad == 8.0
    assert not_asked.grad is None


def test_an_unused_leaf_and_constants_get_no_gradient():
    x, unused, constant = Variable(2.0), Variable(1.0), Variable(3.0, requires_grad=False)
    output = x * constant + np.ones(())
    output.backward()
    assert unused.grad is None
    assert constant.grad is None
    assert not (constant * 2.0).requires_grad
    assert (constant * 2.0).parents == ()


def test_the_gradient_of_a_constant_is_not_even_computed():
    x = Variable(1.0)
    (x / 1e-200).backward()  # for 1e-200 it would be infinite, and refused
    assert x.grad == 1e200


def test_zero_grad_starts_anew():
    x = Variable(2.0)
    (x * x).backward()
    x.zero_grad()
    assert x.grad is None
    (x * x).backward()
    assert x.grad == 4.0


@pytest.mark.parametrize("shape", [(), (1,), (4,), (1, 4), (3, 1), (1, 1), (2, 3, 1), (1, 3, 4)])
def test_broadcasting_is_undone(shape):
    x, other = Variable(np.ones(shape)), np.arange(24.0).reshape(2, 3, 4)
    y = torch.ones(shape, dtype=torch.float64, requires_grad=True)
    for swap in (False, True):
        ((other * x if swap else x * other) + x).sum().backward()
        (y * torch.tensor(other) + y).sum().backward()
    assert x.grad is not None
    assert x.grad.shape == shape
    np.testing.assert_array_equal(x.grad, y.grad)


def test_a_column_plus_a_row():
    column, row = Variable(np.zeros((3, 1))), Variable(np.zeros((1, 4)))
    (column + row).backward(np.arange(12.0).reshape(3, 4))
    np.testing.assert_array_equal(column.grad, [[6.0], [22.0], [38.0]])
    np.testing.assert_array_equal(row.grad, [[12.0, 15.0, 18.0, 21.0]])


@given(shape=st.sampled_from(SHAPES), seed=st.integers(0, 99))
def test_unbroadcast_is_the_transpose_of_broadcast(shape, seed):
    rng = np.random.default_rng(seed)
    small, large = rng.normal(size=shape), rng.normal(size=(5, *np.broadcast_shapes(shape, (1, 4))))
    one_way = (np.broadcast_to(small, large.shape) * large).sum()
    back = unbroadcast(large, shape)
    assert back.shape == shape
    np.testing.assert_allclose((small * back).sum(), one_way, rtol=1e-12, atol=1e-12)


def test_matrices_in_a_batch():
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(5, 2, 3)), rng.normal(size=(3, 4))]
    ours = [Variable(array) for array in arrays]
    theirs = [torch.tensor(array, requires_grad=True) for array in arrays]
    (ours[0] @ ours[1]).tanh().sum().backward()
    (theirs[0] @ theirs[1]).tanh().sum().backward()
    for a, b in zip(ours, theirs, strict=True):
        assert_equal(a.grad, b.grad)


def test_relu_has_the_slope_0_at_0():
    x, y = Variable([-1.0, 0.0, 2.0]), torch.tensor([-1.0, 0.0, 2.0], requires_grad=True)
    x.relu().sum().backward()
    y.relu().sum().backward()
    np.testing.assert_array_equal(x.grad, y.grad)
    np.testing.assert_array_equal(x.grad, [0.0, 0.0, 1.0])


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 0.0, 2.5])
def test_powers_at_0(exponent):
    x, y = Variable(0.0), torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    (x**exponent).backward()
    (y**exponent).backward()
    assert_equal(x.grad, y.grad)


@pytest.mark.parametrize("value", [-1e300, -800.0, -1e-300, 0.0, 1e-300, 700.0, 1e300])
def test_extremes(value):
    names = ["tanh", "relu"] + ["exp"] * (value < 709) + ["log"] * (value > 0)
    for name in names:
        x, y = Variable(value), torch.tensor(value, dtype=torch.float64, requires_grad=True)
        ours, theirs = getattr(x, name)(), getattr(y, name)()
        ours.backward()
        theirs.backward()
        assert_equal(ours.value, theirs, scale=0.0)
        assert_equal(x.grad, y.grad, scale=0.0)


def test_constants_may_stand_on_either_side():
    x, array = Variable([[1.0, 2.0]]), np.array([[3.0], [4.0]])
    for ours in (array + x, array - x, array * x, array / x, array @ x, [3.0] + x):  # noqa: RUF005
        assert isinstance(ours, Variable)
    np.testing.assert_array_equal((array - x).value, array - x.value)
    np.testing.assert_array_equal((array / x).value, array / x.value)
    np.testing.assert_array_equal((array @ x).value, array @ x.value)
    np.testing.assert_array_equal((2 - x + np.float64(1)).value, 3 - x.value)


def test_a_new_value_leaves_earlier_results_as_they_were():
    x = Variable(3.0)
    output = x * x
    x.value = 10.0
    output.backward()
    assert (output.value, x.value, x.grad) == (9.0, 10.0, 6.0)
    assert (x * x).value == 100.0


def test_values_are_read_only_copies(refuses):
    array = np.ones(3)
    x = Variable(array)
    array[0] = 5.0
    np.testing.assert_array_equal(x.value, np.ones(3))
    for variable in (x, x.exp(), x.sum(keepdims=True)):
        with refuses("read-only"):
            variable.value[0] = 5.0
    with refuses("read-only"):
        x.value -= 0.1


def test_a_refused_gradient_changes_nothing(refuses):
    x = Variable([0.0, 4.0])
    output = x + x**0.5  # the root of 0 has no slope
    with refuses("gradient through ** must be finite, got 1 NaN or infinite values"):
        output.sum().backward()
    assert x.grad is None


def test_an_operation_of_ones_own():
    def cube(x):
        return operate("cube", lambda a: a**3, lambda g, y, a: (3 * g * a**2,), x)

    x = Variable([1.0, 2.0])
    output = cube(x)
    output.backward([1.0, 10.0])
    np.testing.assert_array_equal(x.grad, [3.0, 120.0])
    assert (output.operation, output.parents) == ("cube", (x,))


def test_every_result_comes_before_its_parents():
    x = Variable(0.5)
    a = x.tanh()
    b = a * x
    c = b + a
    order = results_first(c)
    assert order[0] is c
    assert len(order) == len(set(order)) == 4
    place = {variable: i for i, variable in enumerate(order)}
    assert all(place[v] < place[p] for v in order for p in v.parents)


def test_a_graph_is_freed_at_once():
    gc.disable()
    try:
        output = Variable(2.0).exp().sum() * 3.0
        output.backward()
        gone = weakref.ref(output)
        del output
        assert gone() is None
    finally:
        gc.enable()


def test_a_hundred_thousand_operations_need_no_deep_stack():
    program = """
import threading
from dlbasic.foundations.autograd import Variable

def chain():
    x = Variable(1.0)
    y = x
    for _ in range(100_000):
        y = y + x
    y.backward()
    del y
    print(int(x.grad))

threading.stack_size(256 * 1024)
thread = threading.Thread(target=chain)
thread.start()
thread.join()
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "100001\n", "")


class TestRefuses:
    @pytest.mark.parametrize("value", [[], np.zeros((0, 3))])
    def test_empty(self, refuses, value):
        with refuses("value must not be empty"):
            Variable(value)

    @pytest.mark.parametrize("value", [float("nan"), [1.0, float("inf")]])
    def test_not_finite(self, refuses, value):
        with refuses("value must be finite, got 1 NaN or infinite values"):
            Variable(value)

    @pytest.mark.parametrize("value", ["3", None, 1j, [None], {}, Variable(1.0), [Variable(1.0)]])
    def test_not_numbers(self, refuses, value):
        with refuses("value must be made of numbers, got"):
            Variable(value)

    def test_operands_that_are_not_numbers(self, refuses):
        with refuses("value must be made of numbers, got str"):
            _ = Variable(1.0) + "1"

    def test_shapes_that_do_not_broadcast(self, refuses):
        with refuses("* of (3,) and (4,): operands could not be broadcast together"):
            _ = Variable(np.ones(3)) * np.ones(4)

    def test_matrices_that_do_not_fit(self, refuses):
        with refuses("@ of (2, 3) and (2, 3): "):
            _ = Variable(np.ones((2, 3))) @ np.ones((2, 3))

    def test_vectors_as_matrices(self, refuses):
        with refuses("@ of (3,) and (3, 2): both must have at least two axes"):
            _ = Variable(np.ones(3)) @ np.ones((3, 2))

    def test_an_axis_that_is_not_there(self, refuses):
        with refuses("sum of (3,): axis 1 is out of bounds"):
            _ = Variable(np.ones(3)).sum(1)

    @pytest.mark.parametrize("value", [0.0, -1.0])
    def test_the_logarithm_of_what_is_not_positive(self, refuses, value):
        with refuses("log of (2,): value must be finite, got 1 NaN or infinite values"):
            _ = Variable([1.0, value]).log()

    def test_results_that_are_not_finite(self, refuses):
        with refuses("/ of () and (): value must be finite"):
            _ = Variable(1.0) / 0.0
        with refuses("exp of (): value must be finite"):
            _ = Variable(1000.0).exp()
        with refuses("** of (): value must be finite"):
            _ = Variable(-1.0) ** 0.5

    @pytest.mark.parametrize("exponent", ["2", None, np.ones(2), Variable(2.0)])
    def test_an_exponent_that_is_no_number(self, refuses, exponent):
        with refuses("exponent must be a number, got"):
            _ = Variable(2.0) ** exponent

    def test_no_gradient_for_several_numbers(self, refuses):
        with refuses("gradient must be given for more than one number, got the shape (2,)"):
            Variable(np.ones(2)).exp().backward()

    @pytest.mark.parametrize("gradient", [1.0, np.ones(3), np.ones((2, 1))])
    def test_a_gradient_of_another_shape(self, refuses, gradient):
        with refuses("gradient must have the shape (2,), got"):
            Variable(np.ones(2)).exp().backward(gradient)

    def test_a_gradient_that_is_not_finite(self, refuses):
        with refuses("gradient must be finite, got 1 NaN or infinite values"):
            Variable(1.0).exp().backward(float("nan"))

    def test_constants_have_no_gradient(self, refuses):
        constant = Variable(1.0, requires_grad=False)
        for call in (constant.backward, constant.retain_grad, lambda: results_first(constant)):
            with refuses("the variable must require a gradient, got a constant"):
                call()

    def test_a_new_value_of_another_shape(self, refuses):
        x = Variable(np.ones(3))
        with refuses("value must keep the shape (3,), got (1,)"):
            x.value = np.ones(1)
        with refuses("value must be finite"):
            x.value = [1.0, 2.0, float("nan")]

    @pytest.mark.parametrize("shape", [(3, 1), (1, 3), (2, 3)])
    def test_unbroadcast_of_what_was_not_broadcast(self, refuses, shape):
        with refuses(f"gradient must have a shape that {shape} fits, got (3,)"):
            unbroadcast(np.ones(3), shape)
        with refuses("shape mismatch"):
            unbroadcast(np.ones(3), (2,))

    def test_an_operation_that_forgets_an_input(self, refuses):
        x = Variable(2.0)
        output = operate("times", np.multiply, lambda g, y, a, b: (g * b,), x, x)
        with refuses("zip()"):
            output.backward()

    def test_an_operation_whose_gradient_is_too_small(self, refuses):
        x = Variable([[1.0, 2.0]])
        output = operate("double", lambda a: 2 * a, lambda g, y, a: (np.full(2, 2.0),), x)
        with refuses("gradient must have a shape that (1, 2) fits, got (2,)"):
            output.sum().backward()
