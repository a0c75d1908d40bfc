"""Parity with torch and numpy, gradients, the rule for every shape, and what is refused."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from dlbasic.foundations.tensors import (
    best_device,
    broadcast_shapes,
    einsum,
    element_offset,
    row_major_strides,
    spacing,
    squared_distances,
    squared_distances_by_product,
)

DISTANCES = [squared_distances, squared_distances_by_product]
LETTERS = "abcde"
sizes = st.sampled_from([0, 1, 1, 1, 2, 3])
axes = st.lists(sizes, max_size=4).map(tuple)
floats = st.sampled_from([torch.float64, torch.float32, torch.float16, torch.bfloat16])


def normal(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


class TestBroadcast:
    @given(shapes=st.lists(axes, min_size=1, max_size=3))
    def test_it_gives_or_refuses_what_torch_does(self, shapes):
        try:
            expected = torch.broadcast_shapes(*shapes)
        except RuntimeError:
            with pytest.raises(ValueError, match="sizes of an axis must be equal or 1"):
                broadcast_shapes(*shapes)
        else:
            assert broadcast_shapes(*shapes) == expected

    def test_it_counts_the_axes_from_the_right(self):
        assert broadcast_shapes((4, 1), (4,)) == (4, 4)
        assert broadcast_shapes((1797, 8, 8), (8, 1)) == (1797, 8, 8)
        assert broadcast_shapes(()) == ()

    def test_shapes_that_do_not_fit(self, refuses):
        with refuses("sizes of an axis must be equal or 1, got (3, 2) in ((3,), (2,))"):
            broadcast_shapes((3,), (2,))

    def test_no_shape(self, refuses):
        with refuses("shapes must be at least one, got none"):
            broadcast_shapes()

    def test_a_size_in_place_of_a_shape(self, refuses):
        with refuses("shapes must be tuples of sizes, got 3"):
            broadcast_shapes(3)  # pyright: ignore[reportArgumentType]

    @pytest.mark.parametrize("shape", [(2, -1), (2.0,), ("2",)])
    def test_what_is_no_size(self, shape, refuses):
        with refuses(f"sizes must be whole numbers of at least 0, got {shape}"):
            broadcast_shapes((2,), shape)


class TestStrides:
    @given(shape=st.lists(st.integers(1, 5), max_size=4).map(tuple))
    def test_they_are_those_of_a_new_tensor(self, shape):
        assert row_major_strides(shape) == torch.empty(shape).stride()

    @given(shape=st.lists(st.integers(1, 4), min_size=1, max_size=3), data=st.data())
    def test_an_element_of_any_view_lies_where_its_strides_say(self, shape, data):
        memory = torch.arange(float(np.prod(shape)))
        order = data.draw(st.permutations(range(len(shape))))
        view = memory.view(shape).permute(order)
        for index in itertools.product(*map(range, view.shape)):
            assert memory[element_offset(index, view.stride())] == view[index]

    def test_an_index_of_another_length(self, refuses):
        with refuses("index must have 2 entries, one per stride, got (1,)"):
            element_offset((1,), (2, 1))

    def test_an_index_from_the_end(self, refuses):
        with refuses("index must count from 0, got (0, -1)"):
            element_offset((0, -1), (2, 1))

    def test_an_empty_axis(self, refuses):
        with refuses("sizes must be whole numbers of at least 1, got (2, 0)"):
            row_major_strides((2, 0))


class TestDistances:
    @pytest.mark.parametrize("function", DISTANCES)
    @given(
        shape=st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 9)),
        scale=st.sampled_from([1e-6, 1.0, 1e6]),
    )
    def test_value_and_gradient_equal_the_square_of_torch_cdist(self, function, shape, scale):
        rows_a, rows_b, dim = shape
        a = (scale * normal(rows_a, dim)).requires_grad_()
        b = scale * normal(rows_b, dim, seed=1)
        ours = function(a, b)
        expected = torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist").square()
        # the product cancels: its error is relative to the squares, not to their difference
        tolerance = {"rtol": 1e-12, "atol": 1e-13 * scale**2 * dim}
        torch.testing.assert_close(ours, expected, **tolerance)
        (gradient,) = torch.autograd.grad(ours.square().sum(), a)
        (expected_gradient,) = torch.autograd.grad(expected.square().sum(), a)
        tolerance = {"rtol": 1e-10, "atol": 1e-10 * scale**3}  # and the root is squared again
        torch.testing.assert_close(gradient, expected_gradient, **tolerance)

    @pytest.mark.parametrize("function", DISTANCES)
    def test_gradcheck(self, function):
        pair = normal(3, 2).requires_grad_(), normal(4, 2, seed=1).requires_grad_()
        assert torch.autograd.gradcheck(function, pair)

    def test_a_shift_costs_the_product_its_digits_and_not_the_differences(self):
        a = (normal(20, 5) * 16).round().float() / 16  # exact in float32, shifted or not
        exact = squared_distances(a, a)
        assert torch.equal(squared_distances(a + 1000, a + 1000), exact)
        shifted = squared_distances_by_product(a + 1000, a + 1000)
        assert (shifted - exact).abs().max() > 0.1
        assert (shifted < 0).any()


@pytest.mark.parametrize("function", DISTANCES)
class TestDistancesRefuse:
    def test_rows_of_another_length(self, function, refuses):
        with refuses("b must have rows as long as those of a, 1, got 3"):
            function(torch.zeros(2, 1), torch.zeros(2, 3))

    def test_one_axis(self, function, refuses):
        with refuses("a must have the axes (example, dim), got the shape (3,)"):
            function(torch.zeros(3), torch.zeros(2, 3))

    def test_empty(self, function, refuses):
        with refuses("b must not be empty, got the shape (0, 3)"):
            function(torch.zeros(2, 3), torch.zeros(0, 3))

    def test_integers(self, function, refuses):
        with refuses("a must be floating point, got torch.uint8"):
            function(torch.zeros(2, 3, dtype=torch.uint8), torch.zeros(2, 3))

    def test_two_types(self, function, refuses):
        with refuses("b must have the type of a, torch.float32, got torch.float64"):
            function(torch.zeros(2, 3), torch.zeros(2, 3, dtype=torch.float64))

    @pytest.mark.parametrize("bad", [float("nan"), float("inf")])
    def test_not_finite(self, function, refuses, bad):
        with refuses("b must be finite, got 1 NaN or infinite values"):
            function(torch.zeros(2, 1), torch.tensor([[0.0], [bad]]))


@st.composite
def equations(draw):
    """An equation of one to three operands, and the size of each letter."""
    some = st.permutations(LETTERS).map("".join)
    inputs = [draw(some)[: draw(st.integers(0, 3))] for _ in range(draw(st.integers(1, 3)))]
    used = sorted(set("".join(inputs)))
    output = "".join(draw(st.permutations(used))[: draw(st.integers(0, len(used)))])
    lengths = {letter: draw(st.integers(1, 3)) for letter in LETTERS}
    return inputs, output, lengths


class TestEinsum:
    @given(case=equations(), spaced=st.booleans())
    def test_value_and_gradients_equal_torch(self, case, spaced):
        inputs, output, lengths = case
        operands = [
            normal(*(lengths[letter] for letter in names), seed=seed).requires_grad_()
            for seed, names in enumerate(inputs)
        ]
        equation = ",".join(inputs) + "->" + output
        ours = einsum(equation.replace("->", " -> ") if spaced else equation, *operands)
        expected = torch.einsum(equation, *operands)
        torch.testing.assert_close(ours, expected, rtol=1e-12, atol=1e-12)
        weights = normal(*ours.shape, seed=9)
        gradients = torch.autograd.grad((ours * weights).sum(), operands)
        references = torch.autograd.grad((expected * weights).sum(), operands)
        torch.testing.assert_close(gradients, references, rtol=1e-12, atol=1e-12)

    def test_gradcheck(self):
        operands = normal(2, 3).requires_grad_(), normal(3, 2, seed=1).requires_grad_()
        assert torch.autograd.gradcheck(lambda a, b: einsum("ij,jk->k", a, b), operands)

    @given(case=equations())
    def test_the_order_of_the_operands_does_not_matter(self, case):
        inputs, output, lengths = case
        assume(len(inputs) > 1)
        operands = [normal(*(lengths[letter] for letter in names)) for names in inputs]
        forwards = einsum(",".join(inputs) + "->" + output, *operands)
        backwards = einsum(",".join(inputs[::-1]) + "->" + output, *operands[::-1])
        torch.testing.assert_close(forwards, backwards, rtol=1e-12, atol=1e-12)

    def test_a_size_of_one_that_torch_repeats(self, refuses):
        with refuses("'j' must have one size, got 1 and 3"):
            einsum("ij,jk->ik", torch.ones(2, 1), torch.ones(3, 4))

    @pytest.mark.parametrize("equation", ["ij,jk", "i j, jk - ik", "i1->i", "i...->i"])
    def test_what_is_no_equation(self, equation, refuses):
        with refuses(f"equation must look like 'ij,jk->ik', got {equation!r}"):
            einsum(equation, torch.ones(2, 2), torch.ones(2, 2))

    def test_too_few_operands(self, refuses):
        with refuses("operands must be 2 for ['ij', 'jk'], got 1"):
            einsum("ij,jk->ik", torch.ones(2, 2))

    def test_a_diagonal(self, refuses):
        with refuses("letters of an operand must differ, got 'ii' in 'ii->i'"):
            einsum("ii->i", torch.ones(2, 2))

    def test_a_letter_twice_in_the_output(self, refuses):
        with refuses("letters of an operand must differ, got 'ii' in 'i->ii'"):
            einsum("i->ii", torch.ones(2))

    def test_a_letter_from_nowhere(self, refuses):
        with refuses("output must use letters of the operands, got ['k']"):
            einsum("ij->ik", torch.ones(2, 2))

    def test_an_axis_without_a_letter(self, refuses):
        with refuses("operand 'i' must have the axes (i), got the shape (2, 2)"):
            einsum("i->i", torch.ones(2, 2))

    def test_an_equation_that_comes_last(self, refuses):
        with refuses("equation must be a string such as 'ij,jk->ik', got Tensor"):
            einsum(torch.ones(2), "i->")  # pyright: ignore[reportArgumentType]

    def test_two_types(self, refuses):
        with refuses("operands must have one type, got torch.float32, torch.float64"):
            einsum("i,i->", torch.ones(2), torch.ones(2, dtype=torch.float64))

    def test_empty(self, refuses):
        with refuses("operand 'i' must not be empty, got the shape (0,)"):
            einsum("i->", torch.ones(0))

    @pytest.mark.parametrize("bad", [float("nan"), float("inf")])
    def test_not_finite(self, bad, refuses):
        with refuses("operand 'i' must be finite, got 1 NaN or infinite values"):
            einsum("i->", torch.tensor([0.0, bad]))

    def test_integers(self, refuses):
        with refuses("operand 'i' must be floating point, got torch.int64"):
            einsum("i->", torch.arange(3))


class TestSpacing:
    @given(
        kind=st.sampled_from([np.float64, np.float32, np.float16]),
        exponent=st.floats(-30, 15.9),
    )
    def test_it_equals_numpy(self, kind, exponent):
        value = kind(2.0**exponent)
        values = torch.tensor([float(value), -float(value), 0.0], dtype=torch.float64)
        dtype = torch.from_numpy(np.zeros(1, kind)).dtype
        expected = torch.tensor([np.spacing(value), np.spacing(value), np.spacing(kind(0))])
        torch.testing.assert_close(spacing(values, dtype), expected.double(), rtol=0, atol=0)

    @given(dtype=floats, exponent=st.integers(-30, 15), fraction=st.integers(0, 127))
    def test_it_is_the_way_to_the_next_number(self, dtype, exponent, fraction):
        value = torch.tensor((1 + fraction / 128) * 2.0**exponent, dtype=dtype)
        following = torch.nextafter(value, torch.tensor(torch.inf, dtype=dtype))
        gap = following.double() - value.double()
        torch.testing.assert_close(spacing(value.double(), dtype), gap, rtol=0, atol=0)

    @given(dtype=floats)
    def test_the_largest_number_has_a_gap_too(self, dtype):
        limits = torch.finfo(dtype)
        top = torch.tensor(limits.max, dtype=torch.float64)
        below = torch.nextafter(top.to(dtype), torch.tensor(0, dtype=dtype))
        assert spacing(top, dtype) == top - below.double()

    def test_a_value_that_the_type_cannot_hold(self, refuses):
        with refuses("values must be at most 65504 in size, got 70000"):
            spacing(torch.tensor([1.0, -70000.0], dtype=torch.float64), torch.float16)

    @pytest.mark.parametrize("bad", [float("nan"), float("inf")])
    def test_not_finite(self, bad, refuses):
        with refuses("values must be at most"):
            spacing(torch.tensor(bad, dtype=torch.float64), torch.float64)

    def test_whole_numbers_have_no_such_gap(self, refuses):
        with refuses("dtype must be floating point, got torch.uint8"):
            spacing(torch.ones(1, dtype=torch.float64), torch.uint8)

    def test_values_that_are_rounded_already(self, refuses):
        with refuses("values must be a tensor of torch.float64, got torch.float32"):
            spacing(torch.ones(1), torch.float16)

    def test_a_number(self, refuses):
        with refuses("values must be a tensor of torch.float64, got float"):
            spacing(1.0, torch.float16)  # pyright: ignore[reportArgumentType]

    def test_empty(self, refuses):
        with refuses("values must not be empty, got the shape (0,)"):
            spacing(torch.ones(0, dtype=torch.float64), torch.float16)


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(True, True, "cuda"), (True, False, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_the_device_is_the_best_that_is_there(monkeypatch, cuda, mps, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert best_device() == torch.device(expected)
