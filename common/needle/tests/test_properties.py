"""Operations on drawn shapes and axes: values, gradients, and laws between them."""

from __future__ import annotations

import needle as ndl
import numpy as np
from gradient_check import gradient_check
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import (
    arrays,
    axes,
    axis_pairs,
    broadcasts,
    matmul_shapes,
    quick,
    reshapes,
    shapes,
)

with_zeros = shapes(min_side=0, max_dims=4, max_side=4)


@st.composite
def sums(draw):
    shape = draw(with_zeros)
    return draw(arrays(shape)), draw(axes(len(shape)))


@st.composite
def transposes(draw):
    shape = draw(shapes(min_dims=2, min_side=0, max_side=4))
    return draw(arrays(shape)), draw(st.none() | axis_pairs(len(shape)))


@st.composite
def products(draw):
    left, right = draw(matmul_shapes())
    return draw(arrays(left)), draw(arrays(right))


def dot(a, b):
    return float((np.asarray(a) * np.asarray(b)).sum())


def adjoint(f, x, weights):
    """Return what ``weights`` become on their way back through ``f``."""
    tensor = ndl.Tensor(x)
    f(tensor).backward(ndl.Tensor(weights))
    return tensor.grad.numpy()


@quick
@given(sums())
def test_sums(drawn):
    x, over = drawn
    np.testing.assert_allclose(
        ndl.summation(ndl.Tensor(x), over).numpy(), x.sum(axis=over), atol=1e-12
    )
    gradient_check(ndl.summation, x, axes=over, backward=True, order=2)


@quick
@given(transposes())
def test_transposes(drawn):
    x, pair = drawn
    there = ndl.transpose(ndl.Tensor(x), pair)
    np.testing.assert_array_equal(there.numpy(), np.swapaxes(x, *(pair or (-2, -1))))
    np.testing.assert_array_equal(ndl.transpose(there, pair).numpy(), x)
    gradient_check(ndl.transpose, x, axes=pair, backward=True)


@quick
@given(reshapes(), st.data())
def test_reshapes(pair, data):
    before, after = pair
    x = data.draw(arrays(before))
    np.testing.assert_array_equal(
        ndl.reshape(ndl.Tensor(x), after).numpy(), x.reshape(after)
    )
    gradient_check(ndl.reshape, x, shape=after, backward=True)


@quick
@given(broadcasts(), st.data())
def test_broadcasting_and_summing_are_adjoint(pair, data):
    small, large = pair
    x, weights = data.draw(arrays(small)), data.draw(arrays(large))

    def f(tensor):
        return ndl.broadcast_to(tensor, large)

    forwards = f(ndl.Tensor(x)).numpy()
    np.testing.assert_array_equal(forwards, np.broadcast_to(x, large))
    np.testing.assert_allclose(
        dot(forwards, weights), dot(x, adjoint(f, x, weights)), atol=1e-9
    )


@quick
@given(products())
def test_products(drawn):
    a, b = drawn
    np.testing.assert_allclose(
        ndl.matmul(ndl.Tensor(a), ndl.Tensor(b)).numpy(), a @ b, atol=1e-12
    )
    gradient_check(ndl.matmul, a, b, backward=True, order=2)


@quick
@given(shapes(max_dims=3, min_side=0), st.data())
def test_laws_of_arithmetic_hold_for_values_and_gradients(shape, data):
    x, y = (data.draw(arrays(shape, low=0.5)) for _ in range(2))
    for one, other in [
        (lambda a, b: a - b, lambda a, b: a + -b),
        (lambda a, b: a / b, lambda a, b: a * b**-1),
        (lambda a, b: a**b, lambda a, b: ndl.exp(b * ndl.log(a))),
        (lambda a, b: (a + b) ** 2, lambda a, b: a * a + 2 * a * b + b * b),
        (lambda a, b: 1 - a / b, lambda a, b: (b - a) / b),
    ]:
        results = []
        for f in (one, other):
            a, b = ndl.Tensor(x), ndl.Tensor(y)
            result = f(a, b)
            result.backward()
            results.append([result.numpy(), a.grad.numpy(), b.grad.numpy()])
        for left, right in zip(*results, strict=True):
            np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9)


@quick
@given(with_zeros, with_zeros)
def test_shapes_that_do_not_broadcast_are_told_and_others_are_as_in_numpy(one, other):
    a, b = np.ones(one), np.ones(other)
    try:
        expected = (a + b).shape
    except ValueError:
        expected = None
    try:
        assert (ndl.Tensor(a) + ndl.Tensor(b)).shape == expected
    except ValueError as error:
        assert expected is None
        assert "in the second; lengths have to be equal" in str(error)


@quick
@given(shapes(min_dims=1, min_side=0), shapes(min_dims=1, min_side=0))
def test_matrices_that_do_not_fit_are_told_and_others_are_as_in_numpy(one, other):
    assume(one != other)
    a, b = np.ones(one), np.ones(other)
    try:
        expected = (a @ b).shape
    except ValueError:
        expected = None
    try:
        assert (ndl.Tensor(a) @ ndl.Tensor(b)).shape == expected
    except ValueError as error:
        assert expected is None
        assert "have to be equal" in str(error)
