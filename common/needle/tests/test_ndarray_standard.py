"""Functions with the names of the array API standard, against NumPy."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needle import backend_ndarray as nd
from strategies import axis_pairs, quick, shapes
from view_chains import counting


@quick
@given(data=st.data())
def test_axes_are_exchanged_added_and_taken_away(device, data):
    shape = data.draw(shapes(min_dims=2, min_side=0))
    x = counting(shape)
    a = nd.array(x, device=device)
    pair = data.draw(axis_pairs(len(shape)))
    swapped = nd.swapaxes(a, *pair)
    np.testing.assert_array_equal(swapped.numpy(), np.swapaxes(x, *pair))
    axis = data.draw(st.integers(-len(shape) - 1, len(shape)))
    added = nd.expand_dims(swapped, axis)
    expected = np.expand_dims(np.swapaxes(x, *pair), axis)
    np.testing.assert_array_equal(added.numpy(), expected)
    np.testing.assert_array_equal(nd.squeeze(added, axis).numpy(), swapped.numpy())
    assert added._handle is swapped._handle is a._handle


def test_a_compact_array_with_another_axis_stays_compact(device):
    a = nd.array(counting((3, 4)), device=device)
    for axis in range(-3, 3):
        assert nd.expand_dims(a, axis).is_compact()
    assert nd.expand_dims(nd.array(1.0, device=device), 0).is_compact()
    assert nd.squeeze(nd.expand_dims(a, (1)), (1,)).is_compact()
    assert nd.squeeze(nd.empty((1, 3, 1), device=device), (0, -1)).shape == (3,)


@quick
@given(data=st.data())
def test_joined_along_an_axis(device, data):
    shape = data.draw(shapes(min_dims=1, min_side=0))
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    parts = []
    for length in data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=4)):
        sides = list(shape)
        sides[axis] = length
        parts.append(counting(sides) + 100 * len(parts))
    arrays = [nd.array(part, device=device) for part in parts]
    np.testing.assert_array_equal(
        nd.concat(arrays, axis).numpy(), np.concatenate(parts, axis)
    )
    same = [counting(shape) + 100 * i for i in range(3)]
    axis = data.draw(st.integers(-len(shape) - 1, len(shape)))
    stacked = nd.stack(tuple(nd.array(each, device=device) for each in same), axis)
    np.testing.assert_array_equal(stacked.numpy(), np.stack(same, axis))


def test_joined_from_views_and_from_whatever_gives_them(device):
    x = counting((4, 3))
    a = nd.array(x, device=device)
    turned = nd.concat([a.permute((1, 0)), a[:3, ::-1]], axis=1)
    expected = np.concatenate([x.T, x[:3, ::-1]], axis=1)
    np.testing.assert_array_equal(turned.numpy(), expected)
    np.testing.assert_array_equal(nd.concat(row for row in a).numpy(), x.reshape(-1))
    np.testing.assert_array_equal(nd.stack(list(a)).numpy(), x)


def test_a_single_array_is_copied(device):
    a = nd.array([1.0, 2.0], device=device)
    nd.concat([a]).fill(0)
    nd.stack([a]).fill(0)
    assert a.numpy().tolist() == [1, 2]


def test_new_arrays(device):
    a = nd.array(counting((2, 3)), device=device)
    for made, value in [
        (nd.zeros((2, 3), device=device), 0),
        (nd.ones((2, 3), device=device), 1),
        (nd.zeros_like(a), 0),
        (nd.ones_like(a.permute((1, 0)).permute((1, 0))), 1),
        (nd.full([2, 3], 5, device=device), 5),
    ]:
        assert (made.shape, made.device, made.is_compact()) == ((2, 3), device, True)
        assert (made.numpy() == value).all()
    assert nd.zeros(4, device=device).shape == (4,)
    assert nd.full((), 3.0, device=device).item() == 3
    assert nd.empty((2, 0), device=device).numpy().shape == (2, 0)
    for made in (nd.zeros((2,)), nd.ones((2,)), nd.empty((2,)), nd.array([1])):
        assert made.device is nd.default_device()


def test_an_array_that_is_there_is_taken_as_it_is(device):
    a = nd.array([1.0, 2.0], device=device)
    assert nd.asarray(a) is a
    assert nd.asarray(a, device=device) is a
    assert nd.array(a) is not a
    assert nd.asarray([1, 2], device=device).device is device


def test_means_and_minima(device):
    x = counting((2, 3, 4))
    a = nd.array(x, device=device)
    np.testing.assert_allclose(nd.mean(a, (0, 2)).numpy(), x.mean((0, 2)))
    np.testing.assert_allclose(nd.mean(a).numpy(), [x.mean()])
    np.testing.assert_array_equal(nd.min(a, 1, keepdims=True), x.min(1, keepdims=True))
    np.testing.assert_array_equal(nd.max(a, -1).numpy(), x.max(-1))
    np.testing.assert_array_equal(nd.sum(a, 0).numpy(), x.sum(0))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_mean_of_nothing_is_no_number(device):
    assert np.isnan(nd.mean(nd.empty((2, 0), device=device), 1).numpy()).all()
    assert nd.mean(nd.empty((0, 2), device=device), 1).shape == (0,)


def test_every_function_says_what_it_does():
    functions = [
        each
        for name, each in vars(nd).items()
        if inspect.isfunction(each) and not name.startswith("_")
    ]
    assert len(functions) > 40
    assert all(each.__doc__ for each in functions)
