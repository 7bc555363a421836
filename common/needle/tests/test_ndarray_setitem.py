"""Assignment: into views of every kind, and nothing else changes."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needle import backend_ndarray as nd
from strategies import many
from view_chains import (
    chains,
    counting,
    indices,
    keeping_rank,
    last_views,
    on_ndarray,
    on_numpy,
)


def all_of(a):
    return (slice(None),) * a.ndim


@many
@given(drawn=chains(writable=True), data=st.data())
def test_into_a_view_as_into_numpys(device, drawn, data):
    shape, steps = drawn
    x = base = counting(shape)
    a = start = nd.array(x, device=device)
    for step in steps:
        a, x = on_ndarray(a, step), on_numpy(x, step)
    index = data.draw(indices(a.shape))
    part = x[(..., *keeping_rank(index))]
    if data.draw(st.booleans()):
        a[index] = -1
        part[...] = -1
    else:
        numbers = -1 - counting(part.shape)
        a[index] = nd.array(numbers, device=device)
        part[...] = numbers
    np.testing.assert_array_equal(start.numpy(), base)


@many
@given(drawn=chains(), data=st.data())
def test_from_a_view_of_another_array(device, drawn, data):
    b, x = last_views(device, *drawn)
    a = nd.full((*x.shape, 2), -1, device=device)
    place = data.draw(st.integers(0, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        a[(*all_of(b), place)] = b  # of lower rank, with as many elements
    np.testing.assert_array_equal(a.numpy()[..., place], x)
    assert (a.numpy()[..., 1 - place] == -1).all()


@pytest.mark.parametrize(
    ("to", "of"),
    [
        (np.s_[1:, :], np.s_[:-1, :]),
        (np.s_[:-1, :], np.s_[1:, :]),
        (np.s_[::-1, :], np.s_[:, :]),
        (np.s_[:, :], np.s_[::-1, ::-1]),
        (np.s_[:, 1:], np.s_[:, :-1]),
        (np.s_[1:3, 1:], np.s_[0:2, :-1]),
    ],
)
def test_within_the_same_memory_everything_is_read_first(device, to, of):
    x = counting((4, 4))
    a = nd.array(x, device=device)
    a[to] = a[of]
    x[to] = x[of].copy()
    np.testing.assert_array_equal(a.numpy(), x)


def test_a_transposed_array_into_itself(device):
    x = counting((5, 5))
    a = nd.array(x, device=device)
    a[:, :] = a.permute((1, 0))
    np.testing.assert_array_equal(a.numpy(), x.T)


def test_memory_that_two_arrays_borrow(processor):
    x = counting((6,))
    a, b = (nd.from_dlpack(x, device=processor) for _ in range(2))
    a[::-1] = b
    np.testing.assert_array_equal(x, [5, 4, 3, 2, 1, 0])


def test_what_is_smaller_is_broadcast(device):
    a = nd.full((3, 4), 0, device=device)
    a[:, 1:3] = nd.array([[1], [2], [3]], device=device)
    a[1, :] = nd.array([9], device=device)
    expected = [[0, 1, 1, 0], [9, 9, 9, 9], [0, 3, 3, 0]]
    np.testing.assert_array_equal(a.numpy(), expected)


def test_as_many_elements_of_another_shape_with_a_warning(device):
    a = nd.full((2, 3), 0, device=device)
    with pytest.warns(UserWarning, match=r"\(3, 2\) assigned to shape \(2, 3\)") as got:
        a[:, :] = nd.array(counting((3, 2)), device=device)
    assert got[0].filename == __file__
    np.testing.assert_array_equal(a.numpy(), counting((2, 3)))


@pytest.mark.parametrize("number", [True, 3, 3.5, np.float64(2), np.array([4]), np.nan])
def test_numbers_of_all_kinds(device, number):
    a = nd.full((2, 3), 0, device=device)
    a[:, 1] = number
    expected = np.zeros((2, 3))
    expected[:, 1] = number
    np.testing.assert_array_equal(a.numpy(), expected)


def test_an_empty_part_takes_nothing(device):
    a = nd.array(counting((3, 3)), device=device)
    a[2:1, :] = 5
    a[3:, :] = nd.empty((0, 3), device=device)
    a[:, 1:1] = nd.empty((3, 0), device=device)
    np.testing.assert_array_equal(a.numpy(), counting((3, 3)))


def test_fill_reaches_what_the_view_shows(device):
    a = nd.array(counting((4, 4)), device=device)
    a[1:3, ::2].fill(-1)
    expected = counting((4, 4))
    expected[1:3, ::2] = -1
    np.testing.assert_array_equal(a.numpy(), expected)
    nd.array([1.0], device=device).broadcast_to((3,)).fill(2)  # one value for all


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        ((2, 2), AssertionError, r"\(2, 2\)"),  # broadcast_to says
        ("five", TypeError, "number or an NDArray"),
        (None, TypeError, "number or an NDArray"),
        ([1, 2], TypeError, r"array\(\.\.\.\) makes one"),
        (1j, TypeError, "number"),
    ],
)
def test_what_does_not_fit_changes_nothing(device, value, error, said):
    a = nd.array(counting((3, 3)), device=device)
    with pytest.raises(error, match=said):
        a[:, :] = nd.empty(value, device=device) if type(value) is tuple else value
    np.testing.assert_array_equal(a.numpy(), counting((3, 3)))


def test_an_element_in_several_places_takes_no_several_values(device):
    a = nd.array([[1.0], [2.0]], device=device)
    repeated = a.broadcast_to((2, 3))
    with pytest.raises(ValueError, match=r"use compact\(\) first"):
        repeated[:, :] = nd.array(counting((2, 3)), device=device)
    np.testing.assert_array_equal(a.numpy(), [[1], [2]])
