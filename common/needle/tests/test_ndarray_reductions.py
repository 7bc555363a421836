"""Sums and maxima: any axes, any layout, many elements, what is no number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needle import backend_ndarray as nd
from strategies import axes, many, quick
from view_chains import chains, on_ndarray, on_numpy


def numbers(shape):
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


@many
@given(drawn=chains(), data=st.data(), keepdims=st.booleans())
def test_along_any_axes_of_any_view(device, drawn, data, keepdims):
    shape, steps = drawn
    x = numbers(shape)
    a = nd.array(x, device=device)
    for step in steps:
        a, x = on_ndarray(a, step), on_numpy(x, step)
    axis = data.draw(axes(x.ndim))
    expected = x.sum(axis=axis, keepdims=keepdims, dtype=np.float64)
    if axis is None and not keepdims:
        expected = expected.reshape(1)
    total = a.sum(axis=axis, keepdims=keepdims)
    assert total.shape == expected.shape
    assert total.is_compact()
    # float32 sums of up to some hundred numbers of order 1, in any order
    np.testing.assert_allclose(total.numpy(), expected, rtol=1e-5, atol=1e-4)
    if x.size:
        largest = x.max(axis=axis, keepdims=keepdims).reshape(expected.shape)
        np.testing.assert_array_equal(
            a.max(axis=axis, keepdims=keepdims).numpy(), largest
        )
        np.testing.assert_array_equal(
            nd.min(-a, axis=axis, keepdims=keepdims).numpy(), -largest
        )
        np.testing.assert_allclose(
            nd.mean(a, axis, keepdims).numpy(),
            expected * (expected.size / x.size),
            rtol=1e-5,
            atol=1e-4,
        )


@pytest.mark.parametrize("size", [1, 7, 63, 64, 65, 4095, 4096, 4097, 20_000])
@pytest.mark.parametrize("inner", [1, 3])
def test_any_number_of_elements(device, size, inner):
    x = numbers((2, size, inner))
    a = nd.array(x, device=device)
    expected = x.sum(axis=1, dtype=np.float64)
    np.testing.assert_allclose(a.sum(1).numpy(), expected, rtol=1e-4, atol=1e-3)
    np.testing.assert_array_equal(a.max(1).numpy(), x.max(axis=1))
    np.testing.assert_array_equal((-a).max(1).numpy(), (-x).max(axis=1))


@pytest.mark.parametrize("place", [0, 1, 40, 63, 64, 99])
@pytest.mark.parametrize("inner", [1, 2])
def test_what_is_no_number_is_handed_on(device, place, inner):
    x = numbers((3, 100, inner))
    x[1, place] = np.nan
    a = nd.array(x, device=device)
    for found in (a.sum(1), a.max(1)):
        np.testing.assert_array_equal(
            np.isnan(found.numpy()), [[False] * inner, [True] * inner, [False] * inner]
        )


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy says so, and is right
def test_infinity(device):
    x = np.float32([[np.inf, 1], [-np.inf, -np.inf], [np.inf, -np.inf]])
    a = nd.array(x, device=device)
    np.testing.assert_array_equal(a.sum(1).numpy(), [np.inf, -np.inf, np.nan])
    np.testing.assert_array_equal(a.max(1).numpy(), [np.inf, -np.inf, np.inf])
    np.testing.assert_array_equal(a.max(0).numpy(), [np.inf, 1])


def test_maxima_of_negative_numbers(device):
    a = nd.array([[-3.0, -5.0], [-4.0, -2.0]], device=device)
    np.testing.assert_array_equal(a.max(0).numpy(), [-3, -2])
    np.testing.assert_array_equal(a.max().numpy(), [-2])


def test_more_ones_than_float32_can_count_one_by_one(device):
    count = 2**24 + 64  # 2**24 + 1 is no float32: a sum in order stays at 2**24
    ones = nd.full((count,), 1, device=device)
    assert ones.sum().item() == count
    assert ones.reshape((2, count // 2)).sum(1).numpy().tolist() == [count // 2] * 2


def test_a_sum_of_many_is_nearly_as_exact_as_one_number(device):
    x = np.random.default_rng(1).random(10**6, dtype=np.float32)
    exact = x.sum(dtype=np.float64)
    # In order it would be off by 1e-4; in halves of halves, by a few roundings.
    assert abs(nd.array(x, device=device).sum().item() / exact - 1) < 5e-7


def test_of_nothing(device):
    a = nd.empty((3, 0, 2), device=device)
    np.testing.assert_array_equal(a.sum(1).numpy(), np.zeros((3, 2)))
    np.testing.assert_array_equal(a.sum().numpy(), [0])
    assert a.sum(0).shape == (0, 2)
    assert a.sum((0, 2), keepdims=True).shape == (1, 0, 1)
    for axis in (None, 1, (0, 1), (0, 1, 2), -2):
        for choose in (nd.max, nd.min):
            with pytest.raises(ValueError, match=r"\(3, 0, 2\): there is nothing to"):
                choose(a, axis)


@pytest.mark.parametrize("axis", [0, 2, (0, 2), ()])
def test_where_no_largest_is_asked_for_there_need_be_none(device, axis):
    x = np.empty((3, 0, 2, 0), np.float32)
    a = nd.array(x, device=device)
    for keepdims in (False, True):
        assert a.max(axis, keepdims).shape == x.max(axis, keepdims=keepdims).shape
        assert nd.min(a, axis, keepdims).shape == x.min(axis, keepdims=keepdims).shape


def test_the_shape_of_a_full_reduction(device):
    a = nd.array(numbers((2, 3)), device=device)
    assert a.sum().shape == a.max().shape == (1,)
    assert a.sum(keepdims=True).shape == (1, 1)
    assert a.sum((0, 1)).shape == ()
    assert nd.array(5.0, device=device).sum().shape == (1,)
    assert nd.array(5.0, device=device).max(keepdims=True).shape == ()


def test_along_no_axis_it_is_a_copy(device):
    a = nd.array(numbers((2, 3)), device=device)
    b = a.sum(())
    np.testing.assert_array_equal(b.numpy(), a.numpy())
    assert b._handle is not a._handle
    c = a.max(axis=(), keepdims=True)
    np.testing.assert_array_equal(c.numpy(), a.numpy())


def test_the_array_itself_is_never_the_result(device):
    a = nd.array([[1.0, 2.0]], device=device)
    total = a.sum(0)
    total.fill(9)
    np.testing.assert_array_equal(a.numpy(), [[1, 2]])


@quick
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_reduce_view_out_moves_one_axis_to_the_end(device, m, n, p, keepdims):
    x = numbers((m, n, p))
    a = nd.array(x, device=device)
    for axis in (0, 1, 2, -1, (1,), [0]):
        number = axis if isinstance(axis, int) else axis[0]
        view, out = a.reduce_view_out(axis, keepdims)
        np.testing.assert_array_equal(view.numpy(), np.moveaxis(x, number, -1))
        assert out.shape == x.sum(axis=number, keepdims=keepdims).shape
    view, out = a.reduce_view_out(None, keepdims)
    assert view.shape == (1, 1, m * n * p)
    assert out.shape == (1,)


def test_reduce_view_out_takes_one_axis_only(device):
    a = nd.array(numbers((2, 3)), device=device)
    with pytest.raises(ValueError, match="empty tuple"):
        a.reduce_view_out(())
    with pytest.raises(AssertionError, match="one axis"):
        a.reduce_view_out((0, 1))


@pytest.mark.parametrize("name", ["sum", "max"])
@pytest.mark.parametrize(
    ("axis", "error", "said"),
    [
        (2, ValueError, "no axis 2: the array has 2"),
        (-3, ValueError, "no axis -3"),
        ((0, 0), ValueError, "more than once"),
        ((0, -2), ValueError, "more than once"),
        (1.0, TypeError, "integers, not 1.0"),
        ("0", TypeError, "integers"),
        ((0, None), TypeError, "integers"),
    ],
)
def test_axes_that_there_are_not(device, name, axis, error, said):
    a = nd.array(numbers((2, 3)), device=device)
    with pytest.raises(error, match=said):
        getattr(a, name)(axis=axis)
    with pytest.raises(error, match=said):
        getattr(nd, name)(a, axis=axis)
